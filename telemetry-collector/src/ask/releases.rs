//! Which releases the latest events are of.

use std::collections::HashMap;
use std::sync::Arc;

use super::catalogue::Stored;
use super::fields::Field;
use crate::check::KnownSchema;

/// Installations by the release of their latest event. Releases with the same fields are one.
#[derive(Debug, Default)]
pub(super) struct Releases {
    /// For each: which fields it has, by their positions, and how many installations have it.
    counts: HashMap<Vec<bool>, u64>,
}

impl Releases {
    /// `rows` says how many latest events are of each schema, by its number.
    pub(super) fn new(
        fields: &[Field],
        schemas: &[Arc<KnownSchema>],
        stored: Option<&Stored>,
        rows: &HashMap<i64, u64>,
    ) -> Self {
        let mut counts = HashMap::new();
        for (position, schema) in schemas.iter().enumerate() {
            let number = stored.and_then(|stored| stored.number_of(schema));
            let has = fields.iter().map(|field| field.releases.contains(&position)).collect();
            let own = number.and_then(|number| rows.get(&number)).copied().unwrap_or(0);
            *counts.entry(has).or_default() += own;
        }
        // Of releases whose files were removed, no field is known. They are there in each period, whether or not it has events of them:
        // what is hidden of a week must not depend on the period of the report.
        let all: u64 = rows.values().sum();
        let removed = all.saturating_sub(counts.values().sum());
        let is_known = |number: i64| {
            schemas.iter().any(|schema| stored.and_then(|stored| stored.number_of(schema)) == Some(number))
        };
        if stored.is_some_and(|stored| stored.schemas.iter().any(|(number, _)| !is_known(*number))) {
            *counts.entry(vec![false; fields.len()]).or_default() += removed;
        }
        Self { counts }
    }

    /// How many installations have each of them.
    pub(super) fn counts(&self) -> impl Iterator<Item = u64> {
        self.counts.values().copied()
    }

    /// Whether there are releases without the field at this position.
    pub(super) fn lack(&self, field: usize) -> bool {
        self.counts.keys().any(|has| !has.get(field).copied().unwrap_or(false))
    }

    /// How many installations have a release with the field at this position.
    pub(super) fn with(&self, field: usize) -> u64 {
        let with = self.counts.iter().filter(|(has, _)| has.get(field).copied().unwrap_or(false));
        with.map(|(_, count)| count).sum()
    }
}
