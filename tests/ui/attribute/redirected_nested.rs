use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Inner {
    on: bool,
}

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(nested)]
    value: Inner,
}

fn main() {}
