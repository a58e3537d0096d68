use telemetry::{TelemetryEvent, TelemetrySnapshot};

#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted)]
struct Command {
    failed: bool,
}

#[derive(TelemetrySnapshot)]
struct Session {
    #[telemetry(flatten)]
    last: Command,
}

fn main() {}
