use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(event = "")]
struct Init {
    secure: bool,
}

fn publish(telemetry: &telemetry::Telemetry, init: &Init) {
    telemetry.publish(init);
}

fn main() {}
