use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "type")]
enum Store {
    Memory,
    Redis,
}

fn main() {}
