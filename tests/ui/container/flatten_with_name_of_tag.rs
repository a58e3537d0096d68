use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "name")]
enum Remote {
    Add { force: bool },
}

#[derive(TelemetrySnapshot)]
struct Options {
    force: bool,
    #[telemetry(flatten)]
    remote: Option<Remote>,
}

fn main() {}
