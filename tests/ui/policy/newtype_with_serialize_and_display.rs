use std::fmt;

use serde::Serialize;
use telemetry::TelemetrySnapshot;

#[derive(Clone, Debug, Serialize)]
struct ApiKey(String);

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    api_key: ApiKey,
}

fn main() {}
