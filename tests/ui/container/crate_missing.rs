use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(crate)]
struct Options {
    secure: bool,
}

fn main() {}
