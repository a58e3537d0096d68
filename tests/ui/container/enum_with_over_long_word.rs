use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Store {
    #[telemetry(rename = "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww")]
    Memory,
    Redis,
}

fn main() {}
