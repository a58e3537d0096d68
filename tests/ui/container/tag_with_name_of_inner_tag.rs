use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "name")]
enum Remote {
    Add { force: bool },
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "name")]
enum Command {
    Status,
    Remote(Remote),
}

fn main() {}
