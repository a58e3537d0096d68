use telemetry::TelemetrySnapshot;

const LIMIT: f32 = 2.5;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(count(max = LIMIT))]
    value: Vec<bool>,
}

fn main() {}
