use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "tls")]
enum Store {
    Memory,
    Redis { tls: bool },
}

fn main() {}
