use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(frobnicate)]
struct Options {
    secure: bool,
}

fn main() {}
