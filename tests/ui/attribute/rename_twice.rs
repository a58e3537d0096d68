use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(presence, rename = "a", rename = "b")]
    value: String,
}

fn main() {}
