use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(count(min = 1))]
    value: Vec<String>,
}

fn main() {}
