use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Redis {
    tls: bool,
    kind: bool,
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "kind")]
enum Store {
    Memory,
    Redis(Option<Redis>),
    Disk(bool),
}

fn main() {}
