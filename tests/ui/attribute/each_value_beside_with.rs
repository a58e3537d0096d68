use std::collections::BTreeMap;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Config {
    #[telemetry(each(key = "id", one_of("a"), value(number(max = 9))), with = |map| map.clone())]
    limits: BTreeMap<String, u32>,
}

fn main() {}
