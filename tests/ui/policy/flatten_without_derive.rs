use telemetry::TelemetrySnapshot;

struct Tls {
    required: bool,
}

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(flatten)]
    tls: Tls,
}

fn main() {}
