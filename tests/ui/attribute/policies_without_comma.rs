use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(presence count)]
    hosts: Vec<String>,
}

fn main() {}
