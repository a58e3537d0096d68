use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(transparent)]
struct Options;

fn main() {}
