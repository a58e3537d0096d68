use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = "200")]
struct Options {
    secure: bool,
}

fn main() {}
