use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(min = -9_223_372_036_854_775_808, max = 1))]
    value: i64,
}

fn main() {}
