use telemetry::TelemetrySnapshot;

const LIMIT: f32 = 0.5;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = LIMIT * 3.0))]
    value: u64,
}

fn main() {}
