use std::collections::BTreeMap;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(key = "name", one_of("a"), value(each)))]
    value: BTreeMap<String, Vec<Vec<u8>>>,
}

fn main() {}
