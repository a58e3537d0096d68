use telemetry::TelemetryEvent;

#[derive(telemetry::TelemetrySnapshot)]
struct Provider {
    #[telemetry(number(max = 1_000_000))]
    scopes: u64,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "init")]
struct Init {
    #[telemetry(each)]
    providers: Vec<Provider>,
}

fn main() {}
