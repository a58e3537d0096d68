use telemetry::TelemetrySnapshot;

#[derive(serde::Deserialize, TelemetrySnapshot)]
struct Nameless {
    #[serde(flatten)]
    _rest: std::collections::BTreeMap<String, String>,
}

fn main() {}
