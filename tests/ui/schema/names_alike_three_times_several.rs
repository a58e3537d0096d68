use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(rename = "secure")]
    tls: bool,
    #[telemetry(rename = "secure")]
    https: bool,
}

fn main() {}
