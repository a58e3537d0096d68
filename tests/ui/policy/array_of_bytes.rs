use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    value: Option<[u8; 32]>,
}

fn main() {}
