use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(1, 60, unit = "minutes"))]
    value: u64,
}

fn main() {}
