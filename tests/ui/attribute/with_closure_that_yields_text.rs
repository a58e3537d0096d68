use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(count, with = |text| text.to_uppercase())]
    value: String,
}

fn main() {}
