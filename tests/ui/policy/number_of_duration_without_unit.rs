use std::time::Duration;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = 86_400))]
    expires: Option<Duration>,
}

fn main() {}
