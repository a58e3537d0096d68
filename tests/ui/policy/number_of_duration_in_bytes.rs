use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = 10, unit = "bytes"))]
    value: std::time::Duration,
}

fn main() {}
