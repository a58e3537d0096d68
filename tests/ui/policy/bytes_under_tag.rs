use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "type")]
enum Credentials {
    Password(Vec<u8>),
    None,
}

fn main() {}
