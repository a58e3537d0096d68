use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(counted)]
struct Command {
    failed: bool,
}

fn main() {}
