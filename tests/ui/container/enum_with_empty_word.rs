use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Store {
    #[telemetry(rename = "")]
    Memory,
    Redis,
}

fn main() {}
