use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "type", content = "type")]
enum Store {
    Disk { fast: bool },
}

fn main() {}
