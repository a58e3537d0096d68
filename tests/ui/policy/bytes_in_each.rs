use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each)]
    value: Vec<Vec<u8>>,
}

fn main() {}
