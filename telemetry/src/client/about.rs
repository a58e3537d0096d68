use serde::Serialize;

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
    /// program. There is never more than one at a time; it reads the user's choice before each request, and is gone within
    /// 30 seconds. It needs [`run_uploader`](crate::run_uploader) at the beginning of `main`, and endpoint and headers that come to
    /// less than 4 KiB together; without these, and for what cannot be written to disk, events are sent as with
    /// [`InProcess`](Self::InProcess). It is a child of this process, which takes note of its end when it publishes again.
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
