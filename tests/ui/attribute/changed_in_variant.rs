use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
enum Store {
    Memory,
    Disk {
        #[telemetry(changed)]
        level: u8,
    },
}

fn main() {}
