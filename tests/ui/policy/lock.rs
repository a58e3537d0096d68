use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    value: std::sync::Arc<std::sync::Mutex<u32>>,
}

fn main() {}
