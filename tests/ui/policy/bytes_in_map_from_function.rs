use std::collections::BTreeMap;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(key = "name", one_of("a")), with = |text| BTreeMap::from([(text.as_str(), text.as_bytes())]))]
    value: String,
}

fn main() {}
