use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(transparent)]
enum Store {
    Memory,
    Redis,
}

fn main() {}
