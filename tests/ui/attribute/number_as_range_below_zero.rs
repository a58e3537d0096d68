use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(-5..10))]
    value: i8,
}

fn main() {}
