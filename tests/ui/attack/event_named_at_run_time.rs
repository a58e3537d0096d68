use telemetry::{TelemetryEvent, TelemetrySnapshot};

#[derive(TelemetrySnapshot)]
struct Options {
    on: bool,
}

impl TelemetryEvent for Options {
    const NAME: &'static str = leaked();
}

fn leaked() -> &'static str {
    std::env::var("SECRET").unwrap().leak()
}

fn main() {}
