use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event = "init")]
enum Init {
    Now,
    Later,
}

fn publish(telemetry: &telemetry::Telemetry, init: &Init) {
    telemetry.publish(init);
}

fn main() {}
