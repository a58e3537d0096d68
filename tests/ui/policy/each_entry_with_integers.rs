use std::collections::BTreeMap;
use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(each(key = "id", one_of("a", "b")))]
    limits: BTreeMap<String, u32>,
}

fn main() {}
