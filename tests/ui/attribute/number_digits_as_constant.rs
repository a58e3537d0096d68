use telemetry::TelemetrySnapshot;

const LIMIT: u8 = 1;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = 10, digits = LIMIT))]
    value: u64,
}

fn main() {}
