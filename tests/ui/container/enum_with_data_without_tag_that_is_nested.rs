use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Store {
    Memory,
    Redis { tls: bool },
}

#[derive(TelemetrySnapshot)]
struct Options {
    store: Store,
}

fn main() {}
