use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(flatten)]
    secure: bool,
    #[telemetry(flatten)]
    strict: Option<bool>,
}

fn main() {}
