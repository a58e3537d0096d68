use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(10..100))]
    value: u64,
}

fn main() {}
