use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct ApiKey(String);

fn main() {}
