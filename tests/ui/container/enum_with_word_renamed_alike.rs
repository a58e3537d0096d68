use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Store {
    Memory,
    #[telemetry(rename = "Memory")]
    Ram,
}

fn main() {}
