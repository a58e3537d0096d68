use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    value: std::sync::LazyLock<u32>,
}

fn main() {}
