use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase", rename_all = "snake_case")]
struct Options {
    secure: bool,
}

fn main() {}
