use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "kind")]
enum Store {
    Memory,
    Disk(std::path::PathBuf),
}

fn main() {}
