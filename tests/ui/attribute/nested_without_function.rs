use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(nested)]
    value: std::sync::Mutex<u8>,
}

fn main() {}
