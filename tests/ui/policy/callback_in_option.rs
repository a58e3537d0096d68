use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    on_error: Option<Box<dyn Fn(&str) + Send + Sync>>,
}

fn main() {}
