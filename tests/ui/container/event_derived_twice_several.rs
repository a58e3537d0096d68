use telemetry::{TelemetryEvent, TelemetrySnapshot};

#[derive(TelemetryEvent, TelemetrySnapshot)]
#[telemetry(event = "init")]
struct Options {
    secure: bool,
}

fn main() {}
