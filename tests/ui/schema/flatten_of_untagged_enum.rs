use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
enum Mode {
    Strict,
    Depth(#[telemetry(number(max = 9))] u8),
}

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(flatten)]
    mode: Mode,
}

fn main() {}
