use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(0.5, 1.5))]
    value: f64,
}

fn main() {}
