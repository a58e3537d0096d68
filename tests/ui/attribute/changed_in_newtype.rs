use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Port(#[telemetry(changed)] u16);

fn main() {}
