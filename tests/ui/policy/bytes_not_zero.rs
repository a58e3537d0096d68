use std::num::NonZeroU8;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    key: Vec<NonZeroU8>,
}

fn main() {}
