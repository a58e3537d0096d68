use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
enum Storage {
    Memory,
    Custom(String),
}

fn main() {}
