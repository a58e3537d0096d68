use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted)]
struct Command {
    #[telemetry(number(max = 9))]
    count: u32,
}

fn main() {}
