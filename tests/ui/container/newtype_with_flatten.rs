use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Inner {
    on: bool,
}

#[derive(TelemetrySnapshot)]
struct Outer(#[telemetry(flatten)] Inner);

fn main() {}
