use std::collections::HashMap;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(key = "id", one_of("github")))]
    providers: HashMap<u64, bool>,
}

fn main() {}
