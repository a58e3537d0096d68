use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(presence, with = String::as_bytes)]
    token: String,
}

fn main() {}
