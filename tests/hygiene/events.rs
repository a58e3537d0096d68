//! Events.

use ::signals::TelemetryEvent;

use crate::structs::Options;

/// With the derive of events.
#[derive(Debug, Default, TelemetryEvent)]
#[telemetry(crate = ::signals, event = "init", budget_bits = 10_000)]
pub struct Init {
    /// Nested.
    pub options: Options,
}

/// With the context.
#[derive(Debug, ::signals::TelemetrySnapshot)]
#[telemetry(crate = ::signals, event = "stopped", context)]
pub struct Stopped;
