use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(crate = "a b")]
struct Options {
    secure: bool,
}

fn main() {}
