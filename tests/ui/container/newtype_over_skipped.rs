use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Key(#[telemetry(skip)] String);

fn main() {}
