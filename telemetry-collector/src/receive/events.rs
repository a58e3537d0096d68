//! Makes arrivals of bodies.

use std::sync::Arc;

use super::clock::published;
use super::headers::EventHeaders;
use super::ids::Ids;
use super::limits::{MAX_EVENT, MAX_LINES};
use crate::arrival::{AnonymousId, Arrival, Day, Envelope, EventId, SchemaHash};
use crate::check::envelope::{self, Line, Single};
use crate::check::{Fault, Known, KnownSchema, Reason};

/// What is needed to make arrivals: what is known at one time.
pub(super) struct Context<'c> {
    pub(super) known: &'c Known,
    pub(super) today: Day,
    pub(super) ids: &'c Ids,
}

/// An arrival, and what its answer and its numbers need to know about it.
pub(super) struct Received {
    pub(super) arrival: Arrival,
    /// The schema, for its name.
    pub(super) schema: Option<Arc<KnownSchema>>,
    /// Whether it could not be read at all.
    pub(super) is_malformed: bool,
}

impl Received {
    /// The bytes of a payload that waits for its schema.
    pub(super) fn waiting_bytes(&self) -> usize {
        if let Arrival::Unknown { payload, .. } = &self.arrival { payload.len() } else { 0 }
    }
}

impl Context<'_> {
    pub(super) fn single(&self, headers: Result<EventHeaders, Reason>, body: &[u8]) -> Received {
        self.try_single(headers, body).unwrap_or_else(|reason| self.malformed(reason))
    }

    /// `None` if there are too many lines. A line that is too long is rejected alone.
    pub(super) fn batch(&self, headers: &Result<EventHeaders, Reason>, body: &[u8]) -> Option<Vec<Received>> {
        let line = |line| self.try_line(headers, line).unwrap_or_else(|reason| self.malformed(reason));
        Some(lines(body)?.into_iter().map(line).collect())
    }

    fn try_single(&self, headers: Result<EventHeaders, Reason>, body: &[u8]) -> Result<Received, Reason> {
        let EventHeaders { id, schema, age_days, is_ephemeral } = headers?;
        let id = id.unwrap_or_else(|| self.ids.next());
        if let Some(anonymous_id) = envelope::deletion(body)? {
            return Ok(deletion(id, anonymous_id));
        }
        let Single { event, payload, anonymous_id } = envelope::single(body)?;
        let payload = body.get(payload).unwrap_or_default();
        // Without a hash, no schema that comes later could be the one.
        let Some(schema) = schema else {
            envelope::well_formed(payload)?;
            return Ok(self.rejected(None, whole(Fault::SchemaHash)));
        };
        let envelope = Envelope { id, anonymous_id, is_ephemeral, day: published(self.today, age_days) };
        self.event(envelope, schema, event, payload)
    }

    fn try_line(&self, headers: &Result<EventHeaders, Reason>, line: &[u8]) -> Result<Received, Reason> {
        let is_ephemeral = headers.as_ref().map_err(Clone::clone)?.is_ephemeral;
        if line.len() > MAX_EVENT {
            return Err(whole(Fault::TooLong { bytes: line.len() }));
        }
        let Line { id, schema, age, event: Single { event, payload, anonymous_id } } = envelope::line(line)?;
        let payload = line.get(payload).unwrap_or_default();
        let envelope = Envelope { id, anonymous_id, is_ephemeral, day: published(self.today, age) };
        self.event(envelope, schema, event, payload)
    }

    /// Fails if it is not an event at all.
    fn event(&self, envelope: Envelope, hash: SchemaHash, event: &str, payload: &[u8]) -> Result<Received, Reason> {
        let Some(schema) = self.known.get(event, &hash) else {
            envelope::well_formed(payload)?;
            let (event, payload) = (event.to_owned(), payload.to_vec());
            let arrival = Arrival::Unknown { envelope, schema: hash, event, payload };
            return Ok(Received { arrival, schema: None, is_malformed: false });
        };
        match schema.check(payload) {
            Ok(cells) => {
                let arrival = Arrival::Event { envelope, schema: Arc::clone(&schema), cells };
                Ok(Received { arrival, schema: Some(schema), is_malformed: false })
            }
            // A single event is told whether it is JSON, as that of an unknown schema is.
            Err(reason) => {
                let is_malformed = envelope::well_formed(payload).is_err();
                Ok(Received { is_malformed, ..self.rejected(Some(schema), reason) })
            }
        }
    }

    fn malformed(&self, reason: Reason) -> Received {
        Received { is_malformed: true, ..self.rejected(None, reason) }
    }

    fn rejected(&self, schema: Option<Arc<KnownSchema>>, reason: Reason) -> Received {
        let arrival = Arrival::Reject { day: self.today, schema: schema.clone(), reason };
        Received { arrival, schema, is_malformed: false }
    }
}

pub(super) const fn whole(fault: Fault) -> Reason {
    Reason { fault, path: String::new() }
}

fn deletion(id: EventId, anonymous_id: AnonymousId) -> Received {
    Received { arrival: Arrival::Deletion { id, anonymous_id }, schema: None, is_malformed: false }
}

/// The lines of a batch: each ends with a line break, except that the last may end without. `None` if there are too many.
pub(super) fn lines(body: &[u8]) -> Option<Vec<&[u8]>> {
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    if body.is_empty() {
        return Some(Vec::new());
    }
    let lines: Vec<&[u8]> = body.split(|byte| *byte == b'\n').take(MAX_LINES + 1).collect();
    (lines.len() <= MAX_LINES).then_some(lines)
}
