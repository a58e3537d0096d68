//! Anonymous, opt-in telemetry whose events cannot carry run-time text.

pub mod schema;
pub mod snapshot;

#[doc(inline)]
pub use snapshot::{Snapshot, TelemetrySnapshot};
