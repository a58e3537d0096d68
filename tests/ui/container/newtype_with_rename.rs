use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Secure(#[telemetry(rename = "secure")] bool);

fn main() {}
