use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(presense)]
    api_key: String,
    #[telemetry(number)]
    max_age: u64,
    #[telemetry(count, count)]
    origins: Vec<String>,
    base_url: String,
    secure: bool,
}

fn main() {}
