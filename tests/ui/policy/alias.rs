use telemetry::TelemetrySnapshot;

type Secret = Option<String>;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    secret: Secret,
}

fn main() {}
