//! The schemas that the store was told of.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::arrival::SchemaHash;
use crate::check::KnownSchema;

/// The schemas by hash, and the names of their events. Two events that send the same have the same hash.
#[derive(Debug, Default)]
pub(super) struct Known {
    by_hash: HashMap<SchemaHash, Vec<Arc<KnownSchema>>>,
    names: HashSet<String>,
}

impl Known {
    pub(super) fn add(&mut self, schema: &Arc<KnownSchema>) {
        let known = self.by_hash.entry(schema.hash()).or_default();
        if known.iter().all(|known| known.event() != schema.event()) {
            known.push(Arc::clone(schema));
            self.names.insert(schema.event().to_owned());
        }
    }

    pub(super) fn find(&self, hash: SchemaHash, event: &str) -> Option<&Arc<KnownSchema>> {
        self.by_hash.get(&hash)?.iter().find(|schema| schema.event() == event)
    }

    /// Whether an event of this name has a schema, be it another one.
    pub(super) fn has_event(&self, event: &str) -> bool {
        self.names.contains(event)
    }
}
