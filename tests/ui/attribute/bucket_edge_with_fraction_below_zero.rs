use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(-1.5, 1))]
    value: f64,
}

fn main() {}
