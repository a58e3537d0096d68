use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each, with = |text| vec![text.clone()])]
    value: String,
}

fn main() {}
