use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Store {
    Memory,
    Redis(bool),
}

fn main() {}
