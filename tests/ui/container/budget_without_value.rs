use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits)]
struct Options {
    secure: bool,
}

fn main() {}
