use serde::Serialize;

use telemetry::TelemetrySnapshot;

#[derive(Serialize, TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[serde(flatten)]
    value: Option<Vec<u8>>,
}

fn main() {}
