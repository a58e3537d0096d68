use telemetry::TelemetryEvent;

/// Not the one of the standard library: what is behind it counts.
#[derive(telemetry::TelemetrySnapshot)]
struct Vec {
    #[telemetry(number(max = 9_007_199_254_740_991))]
    number: u64,
}

/// Has no more behind it than its words.
#[derive(telemetry::TelemetrySnapshot)]
enum Level {
    Low,
    High,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "init", budget_bits = 10)]
struct Init {
    vec: Vec,
    level: Level,
    other: Level,
}

fn main() {}
