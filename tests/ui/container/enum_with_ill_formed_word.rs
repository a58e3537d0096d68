use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Store {
    #[telemetry(rename = "mem\\ory")]
    Memory,
    Redis,
}

fn main() {}
