use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = 10, untagged)]
enum Store {
    Memory,
    Redis {
        #[telemetry(number(max = 86_400))]
        timeout: u64,
    },
}

fn main() {}
