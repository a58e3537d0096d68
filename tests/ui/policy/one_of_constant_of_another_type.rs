use telemetry::TelemetrySnapshot;

const MODES: &[&str] = &["strict", "lax"];

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(one_of(MODES))]
    mode: String,
}

fn main() {}
