use telemetry::{Telemetry, TelemetryEvent};

fn publish(telemetry: &Telemetry, event: &dyn TelemetryEvent) {
    telemetry.publish(event);
}

fn main() {}
