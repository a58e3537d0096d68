use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    value: std::sync::atomic::AtomicU32,
}

fn main() {}
