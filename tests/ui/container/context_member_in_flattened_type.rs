use telemetry::{TelemetryEvent, TelemetrySnapshot};

#[derive(TelemetrySnapshot)]
struct Options {
    database: bool,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "init", context)]
struct Init {
    #[telemetry(flatten)]
    options: Options,
}

fn main() {}
