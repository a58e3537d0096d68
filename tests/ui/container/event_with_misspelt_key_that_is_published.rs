use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(evnt = "init")]
struct Init {
    secure: bool,
}

fn publish(telemetry: &telemetry::Telemetry, init: &Init) {
    telemetry.publish(init);
}

fn main() {}
