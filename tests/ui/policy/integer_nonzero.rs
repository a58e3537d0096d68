use std::num::NonZeroUsize;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    workers: Option<NonZeroUsize>,
}

fn main() {}
