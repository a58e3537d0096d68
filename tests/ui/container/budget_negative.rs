use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = -1)]
struct Options {
    secure: bool,
}

fn main() {}
