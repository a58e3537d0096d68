use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Store {}

fn main() {}
