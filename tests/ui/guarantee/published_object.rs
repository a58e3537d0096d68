use telemetry::TelemetryEvent;

fn publish(event: &dyn TelemetryEvent) {}

fn main() {}
