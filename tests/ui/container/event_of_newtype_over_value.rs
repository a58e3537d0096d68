use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event = "init")]
struct Init(bool);

fn main() {}
