use std::collections::BTreeMap;
use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(each(key = "id", one_of("a"), value(skip)))]
    value: BTreeMap<String, String>,
}

fn main() {}
