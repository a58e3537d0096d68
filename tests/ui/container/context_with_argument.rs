use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event = "init", context = true)]
struct Options {
    secure: bool,
}

fn main() {}
