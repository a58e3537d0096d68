use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(bound)]
struct Options<T> {
    value: T,
}

fn main() {}
