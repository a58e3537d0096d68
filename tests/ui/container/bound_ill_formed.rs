use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(bound = "T TelemetrySnapshot")]
struct Options<T> {
    value: T,
}

fn main() {}
