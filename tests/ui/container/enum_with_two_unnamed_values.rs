use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
enum Store {
    Memory,
    Redis(bool, bool),
}

fn main() {}
