use std::path::PathBuf;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    home: PathBuf,
}

fn main() {}
