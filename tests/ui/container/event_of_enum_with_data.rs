use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event = "init", tag = "type")]
enum Store {
    Memory,
    Redis { tls: bool },
}

fn main() {}
