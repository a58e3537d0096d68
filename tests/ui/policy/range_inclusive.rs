use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    value: std::ops::RangeInclusive<u32>,
}

fn main() {}
