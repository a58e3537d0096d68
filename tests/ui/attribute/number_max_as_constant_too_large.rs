use telemetry::TelemetrySnapshot;

const LIMIT: u64 = u64::MAX;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = LIMIT))]
    value: u64,
}

fn main() {}
