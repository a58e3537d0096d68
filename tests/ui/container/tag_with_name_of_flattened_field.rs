use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Inner {
    on: bool,
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "on")]
enum Store {
    Memory,
    Redis {
        #[telemetry(flatten)]
        inner: Inner,
    },
}

fn main() {}
