use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry]
struct Options {
    secure: bool,
}

fn main() {}
