use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee")]
struct Options {
    secure: bool,
}

fn main() {}
