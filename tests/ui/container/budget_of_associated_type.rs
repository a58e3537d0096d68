use telemetry::{TelemetryEvent, TelemetrySnapshot};

trait Configured {
    type Options: TelemetrySnapshot;
}

#[derive(TelemetrySnapshot)]
struct Pool {
    #[telemetry(number(max = 9_007_199_254_740_991))]
    size: u64,
}

impl Configured for bool {
    type Options = Pool;
}

#[derive(TelemetrySnapshot)]
enum Level {
    Low,
    High,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "init", budget_bits = 10)]
struct Init {
    options: <bool as Configured>::Options,
    level: Level,
}

fn main() {}
