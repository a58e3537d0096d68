use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot, Default)]
struct Options {
    #[telemetry(each(key = "id", one_of("a"), value(changed)))]
    value: std::collections::BTreeMap<String, u32>,
}

fn main() {}
