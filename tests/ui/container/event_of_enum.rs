use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event = "init")]
enum Store {
    Memory,
    Redis,
}

fn main() {}
