use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = 86_400, unit = "sec"))]
    value: std::time::Duration,
}

fn main() {}
