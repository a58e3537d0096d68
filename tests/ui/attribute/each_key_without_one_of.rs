use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Inner {
    on: bool,
}

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(key = "id"))]
    value: std::collections::BTreeMap<String, Inner>,
}

fn main() {}
