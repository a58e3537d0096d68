use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event = "cli generate")]
struct Options {
    secure: bool,
}

fn main() {}
