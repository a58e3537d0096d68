use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(flatten)]
    inner: Option<Box<Options>>,
}

fn main() {}
