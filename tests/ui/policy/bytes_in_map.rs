use std::collections::BTreeMap;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(key = "name", one_of("a")))]
    value: BTreeMap<String, Vec<u8>>,
}

fn main() {}
