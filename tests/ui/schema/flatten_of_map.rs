use std::collections::HashMap;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(flatten)]
    others: HashMap<String, bool>,
}

fn main() {}
