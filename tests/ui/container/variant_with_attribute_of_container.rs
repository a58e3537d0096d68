use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Store {
    Memory,
    #[telemetry(untagged)]
    Redis,
}

fn main() {}
