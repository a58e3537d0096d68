use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Pair(bool, #[telemetry(rename = "second")] bool);

fn main() {}
