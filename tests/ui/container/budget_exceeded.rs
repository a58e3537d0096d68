use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = 10)]
struct Options {
    secure: bool,
    #[telemetry(number(max = 86_400))]
    max_age: u64,
}

fn main() {}
