use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tagg = "type")]
enum Store {
    Memory,
    Redis { tls: bool },
}

fn main() {}
