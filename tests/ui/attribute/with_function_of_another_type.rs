use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(count, with = Vec::len)]
    value: String,
}

fn main() {}
