use telemetry::TelemetryEvent;

fn publish(_: &dyn TelemetryEvent) {}

fn main() {}
