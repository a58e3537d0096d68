use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Section<T> {
    value: T,
}

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    section: Section<String>,
}

fn main() {}
