use std::borrow::Cow;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    api_key: Cow<'static, str>,
}

fn main() {}
