//! What a no asks of the receiver: to delete what was sent under an anonymous id.
//!
//! The ids are written down beside the choice while a yes stands, before the first event is sent under them. So every no can keep the
//! promise, also one that knows neither the receiver nor the id: it only marks the requests as due. A client that knows the receiver sends
//! them. The file is not authenticated, since the salt is gone after a no; instead, an id is sent only if it has the form of one.

use std::io;

use base64ct::{Base64, Encoding as _};
use serde::{Deserialize, Serialize};

use super::decide::{Reading, StoredChoice};
use super::handle::Consent;
use super::inputs::ChoiceStore;
use crate::clock::Stamp;
use crate::storage::paths::DELETION_REQUESTS;

/// One request, as a line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct DeletionRequest {
    /// Tells one receiver from another.
    pub(crate) to: String,
    pub(crate) state: RequestState,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RequestState {
    /// Events may have been sent under this id. Nothing is asked before a no.
    Prepared(Subject),
    Due(Due),
    Done {
        end: DeletionEnd,
        /// In seconds since 1970.
        at: u64,
    },
}

/// What is to be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Subject {
    /// The anonymous id.
    pub(crate) id: String,
    /// By this a receiver recognizes a request that is sent twice.
    pub(crate) key: String,
    /// No process but the one that wrote this down uses the id yet. So that one can take it back, if it could send nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_of_one: bool,
}

/// An id is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Noted {
    /// By this call, under this key.
    Now(String),
    /// It had been before, so events may have been sent under it.
    Before,
}

/// A request that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Due {
    #[serde(flatten)]
    pub(crate) subject: Subject,
    /// When the no was stored.
    pub(crate) no: Stamp,
    /// How often it could not be sent.
    #[serde(default)]
    pub(crate) failures: u32,
    /// Nothing is sent for so many seconds from this moment, because the receiver could not be asked, or another process is asking it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pause: Option<(Stamp, u64)>,
}

/// How a request for deletion ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeletionEnd {
    /// The receiver took it.
    Sent,
    /// The receiver refused it, so it is not sent again.
    Refused,
    /// The receiver could not be asked for seven days.
    Expired,
}

/// All requests, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeletionRequests {
    pub(crate) all: Vec<DeletionRequest>,
}

impl DeletionRequests {
    /// Leaves out the lines that this crate did not write.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let lines = bytes.split(|byte| *byte == b'\n');
        let request = |line| serde_json::from_slice(line).ok().filter(DeletionRequest::is_well_formed);
        Self { all: lines.filter_map(request).collect() }
    }

    pub(super) fn text(&self) -> String {
        // Texts and numbers only, which JSON can always express.
        self.all.iter().map(|request| serde_json::to_string(request).unwrap_or_default() + "\n").collect()
    }

    /// Writes down an id under which events are about to be sent. Returns as well whether that changes anything.
    fn prepare(&mut self, to: &str, id: &str) -> io::Result<(Noted, bool)> {
        let there = self.all.iter_mut().find_map(|request| match &mut request.state {
            RequestState::Prepared(subject) if request.to == to && subject.id == id => Some(subject),
            _ => None,
        });
        if let Some(subject) = there {
            return Ok((Noted::Before, std::mem::take(&mut subject.is_of_one)));
        }
        let mut series = [0; 16];
        getrandom::fill(&mut series).map_err(io::Error::other)?;
        let key = format!("{}-0", base16ct::lower::encode_string(&series));
        let state = RequestState::Prepared(Subject { id: id.to_owned(), key: key.clone(), is_of_one: true });
        self.all.push(DeletionRequest { to: to.to_owned(), state });
        self.shrink();
        Ok((Noted::Now(key), true))
    }

    /// Takes back what was written down under this key, unless another process uses the id, too. Returns whether that changes anything.
    fn take_back(&mut self, key: &str) -> bool {
        let before = self.all.len();
        let is_it = |subject: &Subject| subject.key == key && subject.is_of_one;
        self.all.retain(|request| !matches!(&request.state, RequestState::Prepared(subject) if is_it(subject)));
        self.all.len() < before
    }

    /// The user has said no.
    pub(super) fn mark_due(&mut self, now: Stamp) {
        for request in &mut self.all {
            if let RequestState::Prepared(subject) = &request.state {
                let subject = Subject { is_of_one: false, ..subject.clone() };
                let due = Due { subject, no: now, failures: 0, pause: None };
                request.state = RequestState::Due(due);
            }
        }
    }

    fn has_prepared(&self) -> bool {
        self.all.iter().any(|request| matches!(request.state, RequestState::Prepared(_)))
    }

    /// Ends a request. Only the last end for each receiver is kept.
    pub(crate) fn end(&mut self, index: usize, end: DeletionEnd, at: u64) {
        let Some(to) = self.all.get(index).map(|request| request.to.clone()) else { return };
        self.all.remove(index);
        self.all.retain(|request| request.to != to || !matches!(request.state, RequestState::Done { .. }));
        self.all.push(DeletionRequest { to, state: RequestState::Done { end, at } });
    }

    /// Drops what matters least: ends, then the oldest ids. The newest request stays.
    fn shrink(&mut self) {
        while self.all.len() > DELETION_REQUESTS {
            let is_done = |request: &DeletionRequest| matches!(request.state, RequestState::Done { .. });
            let is_prepared = |request: &DeletionRequest| matches!(request.state, RequestState::Prepared(_));
            let others = self.all.get(..self.all.len() - 1).unwrap_or_default();
            let least = others.iter().position(is_done).or_else(|| others.iter().position(is_prepared));
            self.all.remove(least.unwrap_or_default());
        }
    }
}

impl DeletionRequest {
    fn is_well_formed(&self) -> bool {
        let subject = match &self.state {
            RequestState::Prepared(subject) => subject,
            RequestState::Due(due) => &due.subject,
            RequestState::Done { .. } => return true,
        };
        is_id(&subject.id) && is_key(&subject.key)
    }
}

/// Whether this has the form of an anonymous id: 32 bytes as padded base64.
fn is_id(text: &str) -> bool {
    Base64::decode_vec(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// Whether this has the form of an event's id.
fn is_key(text: &str) -> bool {
    text.strip_suffix("-0")
        .is_some_and(|series| base16ct::lower::decode_vec(series.as_bytes()).is_ok_and(|bytes| bytes.len() == 16))
}

impl ChoiceStore {
    /// A no that is stored makes the requests due.
    pub(super) fn mark_deletion_due(&self) {
        if self.deletion_requests().is_ok_and(|requests| requests.has_prepared()) {
            // If this fails, the next client that finds the no makes up for it.
            let _ = self.change_deletion_requests(|requests| {
                requests.mark_due(Stamp::now());
                true
            });
        }
    }

    /// Forgets the ids that no request is due for.
    pub(super) fn forget_prepared_deletion(&self) -> io::Result<()> {
        if !self.deletion_requests()?.has_prepared() {
            return Ok(());
        }
        self.change_deletion_requests(|requests| {
            requests.all.retain(|request| !matches!(request.state, RequestState::Prepared(_)));
            true
        })
    }
}

/// The requests of an application that asks its receiver for deletion.
#[derive(Clone)]
pub(crate) struct DeletionStore {
    consent: Consent,
    store: ChoiceStore,
}

impl DeletionStore {
    /// `None` if the application does not ask for deletion, or there is no configuration directory.
    pub(crate) fn find(consent: Consent) -> Option<Self> {
        let store = ChoiceStore::find(consent.application()).filter(|_| consent.asks_for_deletion())?;
        Some(Self { consent, store })
    }

    pub(crate) fn read(&self) -> DeletionRequests {
        self.store.deletion_requests().unwrap_or_default()
    }

    /// Whether requests may be sent: no input may say no, except the stored choice.
    pub(crate) fn may_be_sent(&self) -> bool {
        let inputs = self.consent.read_all();
        let allows = |reading: &Reading| !matches!(reading, Reading::No(reason) if !reason.allows_deletion());
        inputs.readings().iter().all(|(_, reading)| allows(reading))
    }

    /// Whether the stored choice is a no.
    pub(crate) fn is_no(&self) -> bool {
        self.store.read() == StoredChoice::Disabled
    }

    /// Changes the requests, while no other process does where files can be locked. They are written if `change` returns something.
    pub(crate) fn change<T>(&self, now: Stamp, change: impl FnOnce(&mut DeletionRequests) -> Option<T>) -> Option<T> {
        if self.store.is_another_users() {
            return None;
        }
        let is_no = self.is_no();
        let mut result = None;
        let written = self.store.change_deletion_requests(|requests| {
            if is_no {
                // The process that stored the no was killed before it could do this.
                requests.mark_due(now);
            }
            result = change(requests);
            result.is_some()
        });
        written.ok().and(result)
    }

    /// Writes down an id under which events are about to be sent, if that is still permitted. `None` if it is not written down.
    pub(crate) fn prepare(&self, to: &str, id: &str, is_permitted: impl Fn() -> bool) -> Option<Noted> {
        if self.store.is_another_users() || !is_id(id) {
            return None;
        }
        let mut noted = None;
        let written = self.store.change_deletion_requests(|requests| {
            let Some(Ok((found, changes))) = is_permitted().then(|| requests.prepare(to, id)) else { return false };
            noted = Some(found);
            changes
        });
        written.ok().and(noted)
    }

    /// Takes back what this process has written down under this key: it could send nothing. If that fails, or another process could use the
    /// id at the same time, a no asks for more than was sent.
    pub(crate) fn take_back(&self, key: &str) {
        if !self.store.is_another_users() {
            let _ = self.store.change_deletion_requests_alone(|requests| requests.take_back(key));
        }
    }
}

#[cfg(test)]
impl DeletionStore {
    pub(crate) fn at(home: &std::path::Path) -> Self {
        let consent = Consent::new("ACME", "acme").skip_test_check().with_deletion_request();
        Self { consent, store: ChoiceStore::at(home) }
    }

    pub(crate) fn choose(&self, enabled: bool) {
        self.store.write(enabled).unwrap();
    }
}

#[cfg(test)]
mod tests;
