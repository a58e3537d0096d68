use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = 10), with = String::clone)]
    value: String,
}

fn main() {}
