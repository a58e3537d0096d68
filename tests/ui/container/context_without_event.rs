use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(context)]
struct Options {
    secure: bool,
}

fn main() {}
