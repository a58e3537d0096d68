use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event = "init", context)]
struct Init {
    runtime: bool,
}

fn main() {}
