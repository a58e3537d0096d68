use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(one_of("strict", "lax", "strict"))]
    value: String,
}

fn main() {}
