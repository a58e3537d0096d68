use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Cookies {
    secure: bool,
}

#[derive(TelemetrySnapshot)]
struct Session {
    #[telemetry(flatten)]
    cookies: Cookies,
}

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(flatten)]
    session: Session,
    secure: bool,
}

fn main() {}
