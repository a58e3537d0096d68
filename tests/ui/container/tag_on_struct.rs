use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "type")]
struct Options {
    secure: bool,
}

fn main() {}
