use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry("camelCase")]
struct Options {
    secure: bool,
}

fn main() {}
