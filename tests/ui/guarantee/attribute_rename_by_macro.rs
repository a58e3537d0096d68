use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(presence, rename = concat!("a", "b"))]
    token: String,
}

fn main() {}
