use std::collections::BTreeMap;
use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(each(key = "id", one_of("a"), value = "flag"))]
    value: BTreeMap<String, bool>,
}

fn main() {}
