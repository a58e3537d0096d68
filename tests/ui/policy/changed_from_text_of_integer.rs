use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(changed(from = "8080"))]
    port: u16,
}

fn main() {}
