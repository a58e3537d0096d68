use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    value: std::num::Wrapping<u32>,
}

fn main() {}
