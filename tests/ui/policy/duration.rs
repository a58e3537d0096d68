use std::time::Duration;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    expires: Duration,
}

fn main() {}
