use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Store {
    Memory,
    #[telemetry(skip)]
    Redis,
}

fn main() {}
