use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(60, unit = "s"))]
    expires: bool,
}

fn main() {}
