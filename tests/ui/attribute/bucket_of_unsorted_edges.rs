use telemetry::TelemetrySnapshot;

const SIZES: telemetry::schema::Edges = telemetry::schema::Edges::new(&[2, 1]);

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(SIZES))]
    value: u64,
}

fn main() {}
