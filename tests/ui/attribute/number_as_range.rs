use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(0..=10))]
    value: u8,
}

fn main() {}
