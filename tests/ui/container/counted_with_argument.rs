use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted = "daily")]
struct Command {
    failed: bool,
}

fn main() {}
