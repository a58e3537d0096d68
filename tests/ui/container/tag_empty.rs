use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "")]
enum Store {
    Memory,
    Redis { tls: bool },
}

fn main() {}
