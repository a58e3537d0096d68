use telemetry::TelemetrySnapshot;

const LIMIT: &str = "10";

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = LIMIT))]
    value: u64,
}

fn main() {}
