//! An event as it is sent: its draft, the anonymous id, and the context if it carries one.

use std::sync::{Mutex, PoisonError};

use super::pipeline::Pipeline;
use super::spool::Stored;
use super::waiting::{Content, Waiting};
use crate::context::Recorded;
use crate::event::Draft;
use crate::identity::Origin;
use crate::identity::anonymous_id::PLACEHOLDER;

impl Pipeline {
    /// The event as it is sent; nothing as long as the context is not known that it carries, and when the user has said no before
    /// an id was made.
    pub(super) fn finish(&self, waiting: &Waiting) -> Option<Stored> {
        let draft = match &waiting.content {
            Content::Recovered(event) => return Some(event.clone()),
            Content::Fresh(draft) => draft,
        };
        let unknown = Recorded::default();
        let context = if draft.carries_context() { self.identity.context()? } else { &unknown };
        Some(Stored {
            id: format!("{}-{}", self.identity.series, waiting.ticket),
            at: waiting.at,
            schema: self.schemas.hash(draft.schema()),
            body: draft.finish(&self.identity.made(&self.standing)?.id, context),
        })
    }

    /// Exactly what would be sent of an event.
    pub(crate) fn preview(&self, draft: &Draft) -> String {
        if draft.carries_context() {
            self.identity.detect(&self.standing);
        }
        let unknown = Recorded::default();
        let id = self.identity.made(&self.standing).map(|made| &*made.id);
        draft.finish(id.unwrap_or(PLACEHOLDER), self.identity.context().unwrap_or(&unknown))
    }
}

/// What would be sent of an event by a client that is off.
pub(crate) fn preview(origin: &Origin, draft: &Draft) -> String {
    let made = origin.anonymous_id("");
    let context = if draft.carries_context() { origin.context(&made) } else { Recorded::default() };
    draft.finish(&made.id, &context)
}

/// The hashes of the schemas of the events that were published, each computed once.
#[derive(Default)]
pub(crate) struct Schemas {
    known: Mutex<Vec<Schema>>,
}

struct Schema {
    of: fn() -> String,
    hash: String,
}

impl Schemas {
    fn hash(&self, of: fn() -> String) -> String {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(schema) = known.iter().find(|schema| std::ptr::fn_addr_eq(schema.of, of)) {
            return schema.hash.clone();
        }
        let hash = of();
        known.push(Schema { of, hash: hash.clone() });
        hash
    }
}
