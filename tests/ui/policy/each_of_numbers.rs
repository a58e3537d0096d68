use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(each)]
    ports: Vec<u16>,
}

fn main() {}
