use telemetry::TelemetrySnapshot;

type Port = u16;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(presence)]
    port: Port,
}

fn main() {}
