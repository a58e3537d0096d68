use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(untagged, content = "data")]
enum Store {
    Memory,
    Redis(bool),
}

fn main() {}
