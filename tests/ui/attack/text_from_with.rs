use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(count, with = String::clone)]
    secret: String,
}

fn main() {}
