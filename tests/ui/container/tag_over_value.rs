use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "type")]
enum Store {
    Memory,
    Redis(bool),
}

fn main() {}
