use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(min = 100, max = 10))]
    value: u32,
}

fn main() {}
