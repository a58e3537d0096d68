use std::time::SystemTime;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    created: SystemTime,
}

fn main() {}
