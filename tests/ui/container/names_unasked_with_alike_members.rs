use telemetry::TelemetrySnapshot;

#[derive(serde::Deserialize, TelemetrySnapshot)]
struct Options {
    tls: bool,
    #[serde(flatten)]
    inner: Inner,
}

#[derive(serde::Deserialize, TelemetrySnapshot)]
struct Inner {
    tls: bool,
}

fn main() {}
