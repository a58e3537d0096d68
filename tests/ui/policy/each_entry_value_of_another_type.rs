use std::collections::BTreeMap;
use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(each(key = "id", one_of("a", "b"), value(number(max = 10))))]
    limits: BTreeMap<String, String>,
}

fn main() {}
