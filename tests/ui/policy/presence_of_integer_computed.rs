use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(presence, with = |text| text.len())]
    value: String,
}

fn main() {}
