use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelcase")]
struct Options {
    secure: bool,
}

fn main() {}
