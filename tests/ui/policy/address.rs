use std::net::IpAddr;

use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    bind: IpAddr,
}

fn main() {}
