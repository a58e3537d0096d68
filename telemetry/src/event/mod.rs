//! Builds the envelope that is sent from a snapshot.

mod context_field;
mod count_field;
pub(crate) mod draft;
mod envelope;

#[doc(hidden)]
pub use context_field::context_weight;
#[doc(hidden)]
pub use count_field::count_weight;
pub(crate) use count_field::is_counted;
pub use envelope::event_json_schema;

pub use crate::snapshot::TelemetryEvent;

pub(crate) use draft::{Draft, EventSchema, add_context, add_count, id_of};
