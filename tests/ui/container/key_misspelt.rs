use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(renameall = "camelCase")]
struct Options {
    secure: bool,
}

fn main() {}
