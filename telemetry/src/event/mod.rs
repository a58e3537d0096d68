//! Builds the envelope that is sent from a snapshot.

mod context_field;
pub(crate) mod draft;
mod envelope;

#[doc(hidden)]
pub use context_field::context_weight;
pub use draft::TelemetryEvent;
pub use envelope::event_json_schema;

pub(crate) use draft::{Draft, EventSchema, add_context};
