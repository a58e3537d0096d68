//! From a snapshot to an event.

use crate::snapshot::TelemetrySnapshot;

/// A snapshot that can be published, under a name.
///
/// `#[derive(TelemetrySnapshot)]` with `#[telemetry(event = "name")]` implements it.
pub trait TelemetryEvent: TelemetrySnapshot {
    /// The event's name, sent as `type`. It matches `[A-Za-z][A-Za-z0-9_.-]{0,63}`; with any other, publishing the
    /// event does not compile.
    const NAME: &'static str;

    /// Whether the event carries the context in which it was published, as `init` does.
    const CONTEXT: bool = false;

    /// Most bits that the event may reveal; one that can reveal more does not compile.
    const BUDGET_BITS: u64 = 1_024;
}
