use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(nested, with = |text| text.len())]
    value: String,
}

fn main() {}
