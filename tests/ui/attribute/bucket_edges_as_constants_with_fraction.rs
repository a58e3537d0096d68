use telemetry::TelemetrySnapshot;

const LOW: f64 = 0.5;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(LOW, 1))]
    value: f64,
}

fn main() {}
