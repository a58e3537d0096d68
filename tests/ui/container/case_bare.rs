use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = camelCase)]
struct Options {
    secure: bool,
}

fn main() {}
