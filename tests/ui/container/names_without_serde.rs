use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(names = "serde")]
struct Options {
    #[serde(rename = "TLS")]
    tls: bool,
}

fn main() {}
