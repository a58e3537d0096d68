use telemetry::TelemetrySnapshot;

const LIMIT: u64 = u64::MAX;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(max = LIMIT))]
    value: Vec<bool>,
}

fn main() {}
