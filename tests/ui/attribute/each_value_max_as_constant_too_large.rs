use telemetry::TelemetrySnapshot;

const LIMIT: u64 = u64::MAX;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(each(key = "id", one_of("a"), value(number(max = LIMIT))))]
    value: std::collections::BTreeMap<String, u32>,
}

fn main() {}
