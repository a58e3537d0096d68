//! Which fields the releases have, and which releases the latest events are of.

use std::collections::HashMap;
use std::sync::Arc;

use telemetry::schema::Released;

use super::AskError;
use super::catalogue::Stored;
use super::fields::Field;
use super::report::{Count, FieldReport};
use super::source::Source;
use crate::check::KnownSchema;

/// Notes at each field the schemas in the store that do not have it. What those can send whose files were removed is in the store.
pub(super) fn note(
    source: Source<'_>,
    fields: &mut [Field],
    schemas: &[Arc<KnownSchema>],
    stored: &Stored,
) -> Result<(), AskError> {
    let known: HashMap<i64, usize> =
        schemas.iter().enumerate().filter_map(|(at, schema)| Some((stored.number_of(schema)?, at))).collect();
    let are_all_known = stored.schemas.iter().all(|(number, _)| known.contains_key(number));
    let sql = format!("SELECT number, json FROM _schema WHERE event = {}", stored.number);
    let removed =
        if are_all_known { Vec::new() } else { source.all(&sql, |row| Ok((row.integer(0)?, row.text(1)?)))? };
    let removed = removed.into_iter().filter(|(number, _)| !known.contains_key(number)).map(|(number, json)| {
        let schema = Released::from_json(&json).map_err(|_| AskError::Layout)?;
        Ok((number, KnownSchema::new(&stored.name, "", "", schema)))
    });
    let removed = removed.collect::<Result<HashMap<_, _>, AskError>>()?;
    for field in fields {
        let is_in = |schema: &KnownSchema| {
            schema.columns().iter().any(|own| own.path == field.column.0 && own.kind == field.column.1)
        };
        let has = |number: &i64| match (known.get(number), removed.get(number)) {
            (Some(at), _) => field.releases.contains(at),
            (None, Some(schema)) => is_in(schema),
            (None, None) => false,
        };
        field.is_of_removed = removed.values().any(is_in);
        field.without = stored.schemas.iter().map(|(number, _)| *number).filter(|number| !has(number)).collect();
    }
    Ok(())
}

/// Installations by the release of their latest event. Releases with the same fields are one.
#[derive(Debug, Default)]
pub(super) struct Releases {
    /// For each: which fields it has, by their positions, and how many installations have it.
    counts: HashMap<Vec<bool>, u64>,
}

impl Releases {
    /// `rows` says how many latest events are of each schema, by its number.
    ///
    /// All releases are there in each period, whether or not it has events of them: what is hidden of a week must not depend on the period
    /// of the report.
    pub(super) fn new(
        fields: &[Field],
        schemas: &[Arc<KnownSchema>],
        stored: Option<&Stored>,
        rows: &HashMap<i64, u64>,
    ) -> Self {
        let mut counts = HashMap::new();
        for position in 0..schemas.len() {
            counts.entry(fields.iter().map(|field| field.releases.contains(&position)).collect()).or_default();
        }
        for (number, _) in stored.map(|stored| stored.schemas.as_slice()).unwrap_or_default() {
            let has = fields.iter().map(|field| !field.without.contains(number)).collect();
            *counts.entry(has).or_default() += rows.get(number).copied().unwrap_or(0);
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
        self.sum(field, true)
    }

    /// Parts those of whose releases a field is not from those who sent none of it. All are shown, and none are parted yet.
    pub(super) fn part(&self, reports: &mut [FieldReport]) {
        for (index, report) in reports.iter_mut().enumerate() {
            let without = self.sum(index, false);
            if let Count::Shown(absent) = report.absent {
                (report.absent, report.without) = (Count::Shown(absent.saturating_sub(without)), Count::Shown(without));
            }
        }
    }

    fn sum(&self, field: usize, with: bool) -> u64 {
        let own = self.counts.iter().filter(|(has, _)| has.get(field).copied().unwrap_or(false) == with);
        own.map(|(_, count)| count).sum()
    }
}
