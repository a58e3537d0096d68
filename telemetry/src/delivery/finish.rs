//! An event as it is sent: its draft, the anonymous id, and the context if it carries it.

use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Mutex, PoisonError};

use super::pipeline::Pipeline;
use super::spool::StoredEvent;
use super::waiting::{Content, Waiting};
use crate::context::RecordedContext;
use crate::event::{Draft, EventSchema, add_context};
use crate::identity::Origin;
use crate::identity::anonymous_id::PLACEHOLDER;
use crate::schema::Schema;

impl Pipeline {
    /// The event as it is sent or stored; `None` if the user said no before an id was made. A context that is not known yet is
    /// left out.
    pub(super) fn finish(&self, waiting: &Waiting) -> Option<StoredEvent> {
        match &waiting.content {
            Content::Recovered(event) => Some(self.complete(event)),
            Content::Fresh(draft) => {
                let resolved = self.identity.resolved_id(&self.consent)?;
                let context = self.identity.context(resolved);
                Some(StoredEvent {
                    id: self.identity.event_id(waiting.ticket),
                    at: waiting.at,
                    schema: self.schemas.hash(draft.schema()),
                    body: draft.finish(&resolved.id, context.unwrap_or(&RecordedContext::default())),
                    lacks_context: draft.carries_context() && context.is_none(),
                    by_operator: self.consent.is_operators(),
                    is_ephemeral: resolved.is_ephemeral,
                })
            }
        }
    }

    /// Completes an event of another process with the context of this one.
    fn complete(&self, event: &StoredEvent) -> StoredEvent {
        match self.identity.shared_context() {
            Some(context) if event.lacks_context => {
                StoredEvent { body: add_context(&event.body, context), lacks_context: false, ..event.clone() }
            }
            _ => event.clone(),
        }
    }

    /// The exact JSON that would be sent for an event.
    pub(crate) fn preview(&self, draft: &Draft) -> String {
        if draft.carries_context() {
            self.identity.detect(&self.consent);
        }
        let unknown = RecordedContext::default();
        match self.identity.resolved_id(&self.consent) {
            Some(resolved) => draft.finish(&resolved.id, self.identity.context(resolved).unwrap_or(&unknown)),
            None => draft.finish(PLACEHOLDER, &unknown),
        }
    }
}

/// The JSON that a client that is off would send for an event.
pub(crate) fn preview(origin: &Origin, draft: &Draft) -> String {
    let resolved = origin.anonymous_id("");
    let context = if draft.carries_context() { origin.context(&resolved) } else { RecordedContext::default() };
    draft.finish(&resolved.id, &context)
}

/// The schemas of published events that were already checked against their budgets.
#[derive(Default)]
pub(crate) struct Schemas {
    /// The first schemas that were found to be within their budgets.
    within_budget: [AtomicPtr<()>; 16],
    hashes: Mutex<Vec<Hash>>,
}

struct Hash {
    of: fn() -> &'static Schema,
    hash: String,
}

impl Schemas {
    /// Whether an event is within its budget. Each schema is counted once.
    pub(super) fn is_within_budget(&self, schema: EventSchema) -> bool {
        let address = schema.of as *mut ();
        for known in &self.within_budget {
            let found = known.load(Ordering::Relaxed);
            if found == address {
                return true;
            }
            if found.is_null() {
                let is_within = schema.is_within_budget();
                if is_within {
                    // If another thread stored its schema first, the next event is checked again.
                    let _ = known.compare_exchange(found, address, Ordering::Relaxed, Ordering::Relaxed);
                }
                return is_within;
            }
        }
        schema.is_within_budget()
    }

    pub(super) fn hash(&self, schema: EventSchema) -> String {
        let mut hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = hashes.iter().find(|known| std::ptr::fn_addr_eq(known.of, schema.of)) {
            return known.hash.clone();
        }
        let hash = (schema.of)().hash();
        hashes.push(Hash { of: schema.of, hash: hash.clone() });
        hash
    }
}
