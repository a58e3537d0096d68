use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(bucket(1024, 49_152)))]
    ports: Vec<u16>,
}

fn main() {}
