use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
enum Mode {
    Strict,
    Lax,
}

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(flatten)]
    mode: Mode,
}

fn main() {}
