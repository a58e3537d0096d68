use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(skip, with = String::len)]
    value: String,
}

fn main() {}
