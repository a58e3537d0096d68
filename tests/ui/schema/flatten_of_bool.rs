use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(flatten)]
    secure: bool,
}

fn main() {}
