use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(event = "init", context)]
struct Config(Inner);

#[derive(TelemetrySnapshot)]
struct Inner {
    debug: bool,
}

fn main() {}
