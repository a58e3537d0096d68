use telemetry::{TelemetryEvent, TelemetrySnapshot};

#[derive(TelemetrySnapshot)]
struct Inner {
    count: bool,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted)]
struct Command {
    #[telemetry(flatten)]
    inner: Inner,
}

fn main() {
    telemetry::Telemetry::disabled().publish(&Command { inner: Inner { count: true } });
}
