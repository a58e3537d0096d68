use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = 9_007_199_254_740_992))]
    value: u64,
}

fn main() {}
