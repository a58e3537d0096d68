use telemetry::TelemetrySnapshot;

const MAX: u32 = 10;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = MAX))]
    value: u32,
}

fn main() {}
