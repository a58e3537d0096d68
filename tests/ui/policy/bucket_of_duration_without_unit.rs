use std::time::Duration;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(60, 3_600))]
    expires: Duration,
}

fn main() {}
