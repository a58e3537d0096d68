use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
struct Options {
    secure: bool,
}

fn main() {}
