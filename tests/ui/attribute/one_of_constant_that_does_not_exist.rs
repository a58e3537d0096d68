use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(one_of(PROVIDERS))]
    value: String,
}

fn main() {}
