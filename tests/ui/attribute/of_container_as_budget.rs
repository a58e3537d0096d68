use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(budget_bits = 100)]
    value: bool,
}

fn main() {}
