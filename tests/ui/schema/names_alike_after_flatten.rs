use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Cookies {
    secure: bool,
}

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(flatten)]
    cookies: Cookies,
}

fn main() {}
