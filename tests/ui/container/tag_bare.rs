use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = kind)]
enum Store {
    Memory,
    Redis { tls: bool },
}

fn main() {}
