use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(transparent)]
struct Options {
    #[telemetry(skip)]
    secure: bool,
}

fn main() {}
