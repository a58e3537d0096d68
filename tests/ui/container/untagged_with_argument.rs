use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(untagged = true)]
enum Store {
    Memory,
    Redis { tls: bool },
}

fn main() {}
