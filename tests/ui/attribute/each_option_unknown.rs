use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Inner {
    on: bool,
}

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(keys = "id", one_of("a", "b")))]
    value: std::collections::BTreeMap<String, Inner>,
}

fn main() {}
