use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(count max = 3)]
    hosts: Vec<String>,
}

fn main() {}
