use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(changed(from = 5))]
    wait: std::time::Duration,
}

fn main() {}
