use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(presence)]
struct Options {
    secure: bool,
}

fn main() {}
