use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = 10)]
#[telemetry(budget_bits = 20)]
struct Options {
    secure: bool,
}

fn main() {}
