use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    api_key: Option<Box<str>>,
}

fn main() {}
