use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(rename_all = "camelCase")]
    value: bool,
}

fn main() {}
