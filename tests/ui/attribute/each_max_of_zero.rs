use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Inner {
    on: bool,
}

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(max = 0))]
    value: Vec<Inner>,
}

fn main() {}
