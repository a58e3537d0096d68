use telemetry::TelemetrySnapshot;

const EDGE: u32 = 10;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(20, 2 * EDGE))]
    value: u64,
}

fn main() {}
