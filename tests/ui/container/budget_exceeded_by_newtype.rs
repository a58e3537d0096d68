use std::sync::Arc;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Inner {
    #[telemetry(version)]
    version: String,
    secure: bool,
}

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = 8)]
struct Options(Arc<Inner>);

fn main() {}
