use std::sync::{Mutex, PoisonError};

use super::spool::Stored;
use super::waiting::{Content, Waiting};

/// What a client's events carry besides their payload.
#[derive(Default)]
pub(crate) struct Identity {
    pub(crate) anonymous_id: String,
    /// Drawn once, so that with an event's number it names the event.
    pub(crate) series: String,
    pub(crate) schemas: Schemas,
}

impl Identity {
    /// The event as it is sent.
    pub(super) fn finish(&self, waiting: &Waiting) -> Stored {
        match &waiting.content {
            Content::Recovered(event) => event.clone(),
            Content::Fresh(draft) => Stored {
                id: format!("{}-{}", self.series, waiting.ticket),
                at: waiting.at,
                schema: self.schemas.hash(draft.schema()),
                body: draft.finish(&self.anonymous_id),
            },
        }
    }
}

/// The hashes of the schemas of the events that were published, each computed once.
#[derive(Default)]
pub(crate) struct Schemas {
    known: Mutex<Vec<(fn() -> String, String)>>,
}

impl Schemas {
    fn hash(&self, schema: fn() -> String) -> String {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, hash)) = known.iter().find(|(other, _)| std::ptr::fn_addr_eq(*other, schema)) {
            return hash.clone();
        }
        let hash = schema();
        known.push((schema, hash.clone()));
        hash
    }
}
