use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
struct Options {
    secure: bool,
}

fn main() {}
