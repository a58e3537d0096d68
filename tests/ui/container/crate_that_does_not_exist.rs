use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(crate = signals)]
struct Options {
    secure: bool,
}

fn main() {}
