use telemetry::TelemetrySnapshot;

const EDGE: &str = "10";

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(EDGE))]
    value: u32,
}

fn main() {}
