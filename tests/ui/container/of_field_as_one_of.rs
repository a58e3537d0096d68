use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(one_of("a", "b"))]
struct Options {
    secure: bool,
}

fn main() {}
