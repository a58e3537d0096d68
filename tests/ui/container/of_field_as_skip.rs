use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(skip)]
struct Options {
    secure: bool,
}

fn main() {}
