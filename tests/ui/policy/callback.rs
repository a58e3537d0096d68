use std::sync::Arc;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    on_error: Arc<dyn Fn(&str)>,
}

fn main() {}
