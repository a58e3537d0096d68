use telemetry::TelemetrySnapshot;

const LIMIT: u32 = 10;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(min = LIMIT, max = LIMIT / 2))]
    value: u64,
}

fn main() {}
