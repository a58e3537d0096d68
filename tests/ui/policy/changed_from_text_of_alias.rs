use telemetry::TelemetrySnapshot;

type Port = u16;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(changed(from = "8080"))]
    port: Port,
}

fn main() {}
