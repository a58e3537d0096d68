use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event)]
struct Options {
    secure: bool,
}

fn main() {}
