use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(flatten)]
    api_key: String,
}

fn main() {}
