use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each("strict", "lax"))]
    value: Vec<String>,
}

fn main() {}
