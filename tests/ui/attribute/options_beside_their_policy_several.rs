use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(bucket(1, 10), unit = "s")]
    interval: std::time::Duration,
    #[telemetry(number(max = 5), digits = 2)]
    level: u8,
    #[telemetry(one_of("a"), other = "c")]
    name: String,
    #[telemetry(changed, from = 2)]
    port: u16,
    #[telemetry(each, max = 3)]
    parts: Vec<bool>,
    #[telemetry(each, key = "id", one_of("a"))]
    hosts: std::collections::HashMap<String, bool>,
    #[telemetry(max = 3, count)]
    users: Vec<String>,
}

fn main() {}
