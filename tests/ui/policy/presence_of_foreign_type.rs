use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(presence)]
    extra: serde_json::Value,
}

fn main() {}
