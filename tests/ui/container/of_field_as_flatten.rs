use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(flatten)]
struct Options {
    secure: bool,
}

fn main() {}
