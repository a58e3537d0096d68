use std::sync::Mutex;

use serde::Serialize;

use super::builder::Builder;
use crate::consent::Consent;
use crate::context::App;
use crate::delivery::{Durability, Journal, Place};
use crate::storage::StateDirectory;

/// What is known of a client whether it is on or off.
pub(super) struct About {
    pub(super) consent: Consent,
    pub(super) receiver: Option<&'static str>,
    /// The host of the endpoint.
    pub(super) endpoint: Option<String>,
    /// What events on disk are bound to, if any are kept there.
    pub(super) destination: Option<String>,
    pub(super) durability: Durability,
    pub(super) upload: Upload,
    /// Whether events are printed instead of sent.
    pub(super) debug: bool,
    pub(super) app: Option<App>,
    /// What the client was built of, to build it again in a forked child; nothing when it has a sink, which there is only once.
    pub(super) settings: Option<Mutex<Builder>>,
}

/// Which process sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Upload {
    /// The one that publishes, on a thread of its own.
    #[default]
    InProcess,
    /// The same executable, started once more without standard streams, for programs that live shorter than a request.
    ///
    /// `publish` writes each event to disk before it returns, whatever the [`Durability`], and sends nothing. When events are
    /// there, and no such process was started within the last hour, it starts one, which costs about as much as starting any other
    /// program twice. There is never more than one at a time; it reads the user's choice before each request, and is gone within
    /// 30 seconds. It inherits no descriptor of this process, and is not its child but that of a process which ends at once.
    ///
    /// It needs [`run_uploader`](crate::run_uploader) at the beginning of `main`, and endpoint and headers that come to less than 4 KiB
    /// together. Without these, for what cannot be written to disk, and where such a process does not live long enough, as in
    /// a container that ends with its first process, events are sent as with [`InProcess`](Self::InProcess): when the last one
    /// was started more than 30 seconds ago and has not come to its end, until another one is tried after a day.
    #[cfg(feature = "http")]
    Detached,
}

impl About {
    pub(super) fn state(&self) -> Option<StateDirectory> {
        StateDirectory::find(self.consent.application())
    }

    pub(super) fn journal(&self) -> Journal {
        Journal::new(self.destination.as_ref().filter(|_| !self.debug).map(|destination| Place {
            state: self.state(),
            application: self.consent.application(),
            destination: destination.clone(),
        }))
    }
}
