use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(nested, with = |text| text.as_bytes())]
    value: String,
}

fn main() {}
