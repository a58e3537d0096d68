use std::collections::BTreeMap;
use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Provider {
    id: bool,
}

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(each(key = "id", one_of("github", "google")))]
    providers: BTreeMap<String, Provider>,
}

fn main() {}
