use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all)]
struct Options {
    secure: bool,
}

fn main() {}
