use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Store {
    Memory,
    #[telemetry(renam = "valkey")]
    Redis,
}

fn main() {}
