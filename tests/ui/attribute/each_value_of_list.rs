use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(each(value(flag)))]
    value: Vec<bool>,
}

fn main() {}
