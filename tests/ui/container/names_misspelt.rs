use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(names = "sered")]
struct Options {
    tls: bool,
}

fn main() {}
