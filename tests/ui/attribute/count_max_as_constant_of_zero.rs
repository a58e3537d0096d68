use telemetry::TelemetrySnapshot;

const LIMIT: usize = 0;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(count(max = LIMIT))]
    value: Vec<String>,
}

fn main() {}
