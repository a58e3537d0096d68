use telemetry::TelemetrySnapshot;

#[derive(serde::Deserialize, TelemetrySnapshot)]
struct Options {
    #[serde(flatten)]
    rest: serde_json::Value,
}

fn main() {}
