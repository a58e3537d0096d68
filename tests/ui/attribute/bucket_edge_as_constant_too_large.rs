use telemetry::TelemetrySnapshot;

const EDGE: u64 = 1 << 60;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(EDGE))]
    value: u64,
}

fn main() {}
