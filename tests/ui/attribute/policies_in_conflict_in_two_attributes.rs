use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(count)]
    #[telemetry(skip)]
    value: Vec<String>,
}

fn main() {}
