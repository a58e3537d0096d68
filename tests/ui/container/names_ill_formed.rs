use telemetry::TelemetrySnapshot;

#[derive(serde::Serialize, TelemetrySnapshot)]
#[telemetry(names = "serde")]
struct Options {
    #[serde(rename = "$schema")]
    has_schema: bool,
}

fn main() {}
