use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    value: std::net::SocketAddr,
}

fn main() {}
