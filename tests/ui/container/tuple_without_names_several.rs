use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Pair(bool, bool);

fn main() {}
