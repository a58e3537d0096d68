use std::ffi::OsString;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    editor: OsString,
}

fn main() {}
