use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "type", rename_all = "lowercase")]
enum Store {
    Redis { tls: bool },
    REDIS,
}

fn main() {}
