use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Cookies {
    secure: bool,
}

#[derive(TelemetrySnapshot)]
struct Proxy {
    secure: bool,
}

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(flatten)]
    cookies: Cookies,
    #[telemetry(flatten)]
    proxy: Proxy,
}

fn main() {}
