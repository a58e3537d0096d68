use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each, with = |text| [text.as_bytes()])]
    value: String,
}

fn main() {}
