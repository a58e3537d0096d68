use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "type")]
enum Storage {
    Memory,
    Custom { url: String },
}

fn main() {}
