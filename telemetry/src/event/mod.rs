//! Builds the envelope that is sent from a snapshot.

mod context_field;
pub(crate) mod draft;
mod envelope;

#[doc(hidden)]
pub use context_field::context_weight;
pub use envelope::event_json_schema;

pub use crate::snapshot::TelemetryEvent;

pub(crate) use draft::{Draft, EventSchema, add_context, id_of};
