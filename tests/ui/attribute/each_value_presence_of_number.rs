use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(each(key = "id", one_of("a"), value(presence)))]
    value: std::collections::BTreeMap<String, u32>,
}

fn main() {}
