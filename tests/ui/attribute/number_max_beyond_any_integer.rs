use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = 99_999_999_999_999_999_999))]
    value: u64,
}

fn main() {}
