use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(count(max = 0))]
    value: Vec<String>,
}

fn main() {}
