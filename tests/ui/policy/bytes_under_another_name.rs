use telemetry::TelemetrySnapshot;

type Bytes = Vec<u8>;

#[derive(TelemetrySnapshot)]
#[telemetry(event = "started")]
struct Options {
    secure: bool,
    token: Bytes,
}

fn main() {}
