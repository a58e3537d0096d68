use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(one_of("read", "write"))]
    scopes: Vec<String>,
}

fn main() {}
