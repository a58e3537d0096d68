use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(with = String::len)]
struct Options {
    secure: bool,
}

fn main() {}
