use telemetry::TelemetrySnapshot;

struct RunArgs {
    fast: bool,
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "type")]
enum Command {
    Run(RunArgs),
    Stop,
}

fn main() {}
