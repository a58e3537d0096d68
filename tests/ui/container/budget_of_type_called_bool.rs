use telemetry::TelemetryEvent;

/// Not the one of the language.
#[derive(telemetry::TelemetrySnapshot)]
#[allow(non_camel_case_types)]
struct bool {
    #[telemetry(number(max = 9_007_199_254_740_991))]
    number: u64,
}

#[derive(telemetry::TelemetrySnapshot)]
enum Level {
    Low,
    High,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "init", budget_bits = 10)]
struct Init {
    flag: bool,
    level: Level,
}

fn main() {}
