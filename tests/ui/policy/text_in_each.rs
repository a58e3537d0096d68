use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each)]
    api_keys: Vec<String>,
}

fn main() {}
