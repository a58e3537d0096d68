use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
enum Store {
    Memory,
    Redis(bool, #[telemetry(rename = "cluster")] bool),
}

fn main() {}
