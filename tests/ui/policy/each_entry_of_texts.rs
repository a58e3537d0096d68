use std::collections::HashMap;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(key = "id", one_of("github")))]
    secrets: HashMap<String, String>,
}

fn main() {}
