use std::collections::HashMap;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each)]
    headers: HashMap<String, bool>,
}

fn main() {}
