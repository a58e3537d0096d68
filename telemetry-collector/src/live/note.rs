//! What is noted of an arrival before the store takes it.
//!
//! A note is made on the way of an event, while somebody watches or the collector was just started. So it copies the values, and nothing else: texts
//! are written when somebody looks.

use std::sync::Arc;

use data_encoding::HEXLOWER;

use super::values::{Value, values};
use crate::arrival::{Arrival, Day, SchemaHash};
use crate::check::{Cell, Known, KnownSchema, Reason};

/// Values that need more memory are not kept.
const MOST_BYTES: usize = 4 * 1_024;

/// An arrival, without its ids.
#[derive(Debug, Default)]
pub(crate) struct Note {
    schema: Option<Arc<KnownSchema>>,
    /// The name of an event whose schema is not known, if another schema has it.
    name: Option<String>,
    unknown_schema: Option<SchemaHash>,
    reason: Option<Reason>,
    /// `None` if they were too large, or did not fit.
    cells: Option<Vec<Cell>>,
    pub(super) day: Option<Day>,
    pub(super) is_ephemeral: bool,
}

impl Note {
    /// What is noted of an arrival when these schemas are known.
    pub(crate) fn of(arrival: &Arrival, known: &Known) -> Self {
        match arrival {
            Arrival::Event { envelope, schema, cells } => Self {
                schema: Some(Arc::clone(schema)),
                cells: is_small(cells).then(|| cells.clone()),
                day: Some(envelope.day),
                is_ephemeral: envelope.is_ephemeral,
                ..Self::default()
            },
            Arrival::Unknown { envelope, schema, event, .. } => Self {
                // Another name is a text of its sender.
                name: known.events().map(|(name, _)| name).find(|name| name == event).map(str::to_owned),
                unknown_schema: Some(*schema),
                day: Some(envelope.day),
                is_ephemeral: envelope.is_ephemeral,
                ..Self::default()
            },
            Arrival::Reject { schema, reason, .. } => {
                Self { schema: schema.clone(), reason: Some(reason.clone()), ..Self::default() }
            }
            Arrival::Deletion { .. } => Self::default(),
        }
    }

    /// The name of the event, if a released schema has it.
    pub(super) fn event(&self) -> Option<String> {
        self.schema.as_ref().map(|schema| schema.event().to_owned()).or_else(|| self.name.clone())
    }

    pub(super) fn version(&self) -> Option<String> {
        self.schema.as_ref().map(|schema| schema.version().to_owned())
    }

    /// The hash of a schema that is not known.
    pub(super) fn unknown_schema(&self) -> Option<String> {
        self.unknown_schema.map(|SchemaHash(hash)| HEXLOWER.encode(&hash))
    }

    /// What is wrong with it, and where.
    pub(super) fn fault(&self) -> Option<(String, String)> {
        self.reason.as_ref().map(|reason| (reason.fault.to_string(), reason.path.clone()))
    }

    /// The values that were sent.
    pub(super) fn values(&self) -> Option<Vec<Value>> {
        Some(values(self.schema.as_ref()?.columns(), self.cells.as_ref()?))
    }
}

fn is_small(cells: &[Cell]) -> bool {
    let bytes = |cell: &Cell| if let Cell::Json(json) = cell { json.len() } else { size_of::<Cell>() };
    cells.iter().map(bytes).sum::<usize>() <= MOST_BYTES
}
