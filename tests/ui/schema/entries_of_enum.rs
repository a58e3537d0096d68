use std::collections::BTreeMap;
use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Provider {
    On,
    Off,
}

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(each(key = "id", one_of("github", "google")))]
    providers: BTreeMap<String, Provider>,
}

fn main() {}
