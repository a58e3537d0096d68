use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Provider {
    #[telemetry(number(max = 15))]
    scopes: u8,
}

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = 200)]
struct Options {
    #[telemetry(each)]
    providers: Vec<Provider>,
}

fn main() {}
