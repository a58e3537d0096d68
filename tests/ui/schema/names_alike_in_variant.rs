use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
enum Store {
    Memory,
    Redis {
        tls: bool,
        #[telemetry(rename = "tls")]
        encrypted: bool,
    },
}

fn main() {}
