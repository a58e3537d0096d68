use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
enum Store {
    Memory,
    Redis,
}

fn main() {}
