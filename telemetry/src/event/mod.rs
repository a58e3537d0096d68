//! From a snapshot to the envelope that is sent.

pub(crate) mod draft;
mod envelope;

pub use draft::TelemetryEvent;
pub use envelope::event_json_schema;

pub(crate) use draft::Draft;
