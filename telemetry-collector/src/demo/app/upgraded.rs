//! The event of the first start of a newer version.

use telemetry::TelemetryEvent;

/// A newer version has started for the first time.
#[derive(Clone, Debug, PartialEq, Eq, TelemetryEvent)]
#[telemetry(event = "upgraded", rename_all = "camelCase")]
pub struct Upgraded {
    /// The version before.
    #[telemetry(version)]
    pub from: &'static str,
    /// How many migrations of the database ran.
    #[telemetry(number(max = 100))]
    pub migrations: u32,
    /// How long they took.
    #[telemetry(bucket(1, 5, 30, 120, unit = "s"))]
    pub duration: u32,
    /// Whether the operator went back to the version before.
    pub rolled_back: bool,
}
