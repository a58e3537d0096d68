use telemetry::{TelemetryEvent, TelemetrySnapshot};

#[derive(TelemetrySnapshot)]
struct Inner {
    failed: bool,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted)]
struct Command(Inner);

fn main() {}
