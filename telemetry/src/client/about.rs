#[cfg(feature = "http")]
use std::sync::Arc;
use std::sync::Mutex;

use serde::Serialize;

use super::builder::Builder;
use crate::consent::Consent;
use crate::context::App;
#[cfg(feature = "http")]
use crate::delivery::Deletion;
use crate::delivery::{Durability, Journal, Place, Problem};
use crate::sink::form::Form;
use crate::storage::StateDirectory;

/// The properties of a client that are known whether it is on or off.
pub(super) struct About {
    pub(super) consent: Consent,
    pub(super) receiver: Option<&'static str>,
    /// The host of the endpoint, with its port unless that is the default.
    pub(super) endpoint: Option<String>,
    /// The destination to which events on disk are bound, if any are kept there.
    pub(super) destination: Option<String>,
    /// The form in which events are sent.
    pub(super) form: Form,
    pub(super) durability: Durability,
    pub(super) upload: Upload,
    /// Whether events are printed instead of sent.
    pub(super) debug: bool,
    pub(super) app: Option<App>,
    /// What a no asks of the receiver, if the application has it asked.
    #[cfg(feature = "http")]
    pub(super) deletion: Option<Arc<Deletion>>,
    /// The settings of the client, to build it again in a forked child. `None` if it has a sink, which cannot be duplicated.
    pub(super) settings: Option<Mutex<Builder>>,
}

/// Which process sends events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Upload {
    /// The publishing process, on a separate thread.
    #[default]
    InProcess,
    /// The same executable, started again without standard streams, for programs that end before a request completes.
    ///
    /// `publish` writes each event to disk before it returns, whatever the [`Durability`], and sends nothing. If events are waiting and no
    /// such process was started within the last hour, it starts one. This costs about as much as starting any program twice. At most one
    /// runs at a time. It reads the user's choice before each request, and ends within 30 seconds. It inherits no descriptor of this
    /// process, and its parent is an intermediate process that exits at once. An event that carries the [context](crate::context) has the
    /// part of it that is the same for all processes of the application.
    ///
    /// It requires [`run_uploader`](crate::run_uploader) at the beginning of `main`, and an endpoint and headers of less than 3 KiB in
    /// total. Without these, events are sent as with [`InProcess`](Self::InProcess), and [`Status::upload`](super::Status::upload) says so. The
    /// same applies to a process that adopts orphans when the client is built, as the first one of a container or a child subreaper (prctl(2))
    /// does: it would have to wait for the other process. It also applies on Windows, where the other process would hold pipes open that this
    /// one was given, to events that cannot be written to disk, and where such a process does not live long enough, as in a container that ends with its first process. This is detected if
    /// the last one was started more than 30 seconds ago and did not finish; another one is tried after a day. What was left to that one
    /// is sent with the next event.
    #[cfg(feature = "http")]
    Detached,
}

impl About {
    pub(super) fn state(&self) -> Option<StateDirectory> {
        StateDirectory::find(self.consent.application())
    }

    /// Why what is sent cannot be recorded.
    pub(super) fn unrecorded(&self) -> Option<Problem> {
        self.journal(self.state()).examine_record()
    }

    /// The journal in this directory.
    pub(super) fn journal(&self, state: Option<StateDirectory>) -> Journal {
        Journal::new(self.destination.as_ref().filter(|_| !self.debug).map(|destination| Place {
            state,
            application: self.consent.application(),
            destination: destination.clone(),
        }))
    }
}
