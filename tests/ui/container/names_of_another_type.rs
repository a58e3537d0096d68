use serde::Deserialize;
use telemetry::TelemetrySnapshot;

#[derive(Deserialize)]
struct Raw {
    on: bool,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[telemetry(names = "serde")]
#[serde(from = "Raw")]
struct Options {
    tls: bool,
}

impl From<Raw> for Options {
    fn from(raw: Raw) -> Self {
        Self { tls: raw.on }
    }
}

fn main() {}
