use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(count max = 3)]
    hosts: Vec<String>,
    #[telemetry(number max = 3)]
    retries: u8,
}

fn main() {}
