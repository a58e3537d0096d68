use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Cookies {
    secure: bool,
}

#[derive(TelemetrySnapshot)]
struct Options<T> {
    secure: bool,
    #[telemetry(flatten)]
    inner: T,
}

fn main() {
    let options = Options { secure: true, inner: Cookies { secure: true } };
    let _ = telemetry::Snapshot::of(&options);
}
