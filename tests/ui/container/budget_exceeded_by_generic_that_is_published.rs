use telemetry::TelemetryEvent;

#[derive(telemetry::TelemetrySnapshot)]
struct Provider {
    #[telemetry(number(max = 1_000_000))]
    scopes: u64,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "init", budget_bits = 3)]
struct Init<T> {
    value: T,
}

fn publish(telemetry: &telemetry::Telemetry) {
    telemetry.publish(&Init { value: Provider { scopes: 3 } });
}

fn main() {}
