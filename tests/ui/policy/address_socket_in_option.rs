use std::net::SocketAddr;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    bind: Option<SocketAddr>,
}

fn main() {}
