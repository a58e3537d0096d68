use telemetry::{TelemetryEvent, TelemetrySnapshot};

/// True, false, or absent.
#[derive(TelemetrySnapshot)]
struct Choice(Option<bool>);

#[derive(TelemetryEvent)]
#[telemetry(event = "init", budget_bits = 1)]
struct Init {
    choice: Choice,
}

fn main() {}
