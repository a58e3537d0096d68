use telemetry::TelemetrySnapshot;
use telemetry::counters::Counter;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    value: Counter,
}

fn main() {}
