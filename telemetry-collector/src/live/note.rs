//! What is noted of an arrival before the store takes it.

use std::sync::Arc;

use data_encoding::HEXLOWER;

use super::values::{Value, values};
use crate::arrival::{Arrival, Day};
use crate::check::{Cell, Known, KnownSchema};

/// Values that need more memory are not kept.
const MOST_BYTES: usize = 4 * 1_024;

/// An arrival, without its ids.
#[derive(Debug, Default)]
pub(crate) struct Note {
    pub(super) event: Option<String>,
    pub(super) version: Option<String>,
    /// The hash of a schema that is not known.
    pub(super) unknown_schema: Option<String>,
    pub(super) day: Option<Day>,
    pub(super) is_ephemeral: bool,
    /// What is wrong with it, and where.
    pub(super) fault: Option<(String, String)>,
    pub(super) content: Option<Content>,
}

/// The values of an event. Their texts are written when somebody looks.
#[derive(Debug)]
pub(super) struct Content {
    schema: Arc<KnownSchema>,
    /// `None` if they were too large.
    cells: Option<Vec<Cell>>,
}

impl Note {
    /// What is noted of an arrival when these schemas are known.
    pub(crate) fn of(arrival: &Arrival, known: &Known) -> Self {
        match arrival {
            Arrival::Event { envelope, schema, cells } => Self {
                day: Some(envelope.day),
                is_ephemeral: envelope.is_ephemeral,
                content: Some(Content::of(schema, cells)),
                ..Self::of_schema(schema)
            },
            Arrival::Unknown { envelope, schema, event, .. } => Self {
                // Another name is a text of its sender.
                event: known.events().map(|(name, _)| name).find(|name| name == event).map(str::to_owned),
                unknown_schema: Some(HEXLOWER.encode(&schema.0)),
                day: Some(envelope.day),
                is_ephemeral: envelope.is_ephemeral,
                ..Self::default()
            },
            Arrival::Reject { schema, reason, .. } => {
                let note = schema.as_ref().map(|schema| Self::of_schema(schema)).unwrap_or_default();
                Self { fault: Some((reason.fault.to_string(), reason.path.clone())), ..note }
            }
            Arrival::Deletion { .. } => Self::default(),
        }
    }

    fn of_schema(schema: &KnownSchema) -> Self {
        let (event, version) = (schema.event().to_owned(), schema.version().to_owned());
        Self { event: Some(event), version: Some(version), ..Self::default() }
    }
}

impl Content {
    fn of(schema: &Arc<KnownSchema>, cells: &[Cell]) -> Self {
        let bytes = |cell: &Cell| if let Cell::Json(json) = cell { json.len() } else { size_of::<Cell>() };
        let is_small = cells.iter().map(bytes).sum::<usize>() <= MOST_BYTES;
        Self { schema: Arc::clone(schema), cells: is_small.then(|| cells.to_vec()) }
    }

    /// The values that were sent; `None` if they were too large to be kept.
    pub(super) fn values(&self) -> Option<Vec<Value>> {
        Some(values(self.schema.columns(), self.cells.as_ref()?))
    }
}
