use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "type", untagged)]
enum Store {
    Memory,
    Redis { tls: bool },
}

fn main() {}
