use std::path::PathBuf;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(changed(from = "/var/lib"))]
    value: PathBuf,
}

fn main() {}
