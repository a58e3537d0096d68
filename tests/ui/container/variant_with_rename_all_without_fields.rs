use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Store {
    Memory,
    #[telemetry(rename_all = "camelCase")]
    Redis,
}

fn main() {}
