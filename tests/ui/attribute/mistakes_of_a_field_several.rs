use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(presense, rename = "", skipp)]
    api_key: String,
}

fn main() {}
