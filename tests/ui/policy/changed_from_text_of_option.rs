use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(changed(from = "eu"))]
    value: Option<String>,
}

fn main() {}
