use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(count, with = |text| text.is_loopback())]
    value: String,
}

fn main() {}
