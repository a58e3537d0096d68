use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(one_of))]
    value: Vec<String>,
}

fn main() {}
