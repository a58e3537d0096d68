use telemetry::TelemetrySnapshot;

/// True, false, or absent.
#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = 1)]
struct Choice(Option<bool>);

fn main() {}
