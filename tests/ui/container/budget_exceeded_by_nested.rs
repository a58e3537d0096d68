use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Session {
    #[telemetry(number(max = 86_400))]
    max_age: u64,
}

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = 10)]
struct Options {
    session: Session,
}

fn main() {}
