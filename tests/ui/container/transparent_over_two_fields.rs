use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(transparent)]
struct Options {
    secure: bool,
    strict: bool,
}

fn main() {}
