use telemetry::TelemetryEvent;

#[derive(TelemetryEvent)]
#[telemetry(event = "init")]
struct Init {
    #[telemetry(presense)]
    api_key: String,
}

fn publish(telemetry: &telemetry::Telemetry, init: &Init) {
    telemetry.publish(init);
}

fn main() {}
