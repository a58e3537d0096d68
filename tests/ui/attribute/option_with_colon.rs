use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(number(max: 10))]
    retries: u8,
}

fn main() {}
