use telemetry::TelemetryEvent;

/// Not the one of the standard library: what is behind it counts.
#[derive(telemetry::TelemetrySnapshot)]
struct Vec {
    inner: Inner,
}

#[derive(telemetry::TelemetrySnapshot)]
struct Inner {
    #[telemetry(number(max = 9_007_199_254_740_991))]
    number: u64,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "init", budget_bits = 10)]
struct Init {
    vec: Vec,
}

fn main() {}
