use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(transparent = true)]
struct Options {
    secure: bool,
}

fn main() {}
