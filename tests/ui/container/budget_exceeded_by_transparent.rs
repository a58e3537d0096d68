use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Inner {
    #[telemetry(version)]
    version: String,
    secure: bool,
}

#[derive(TelemetrySnapshot)]
#[telemetry(transparent, budget_bits = 8)]
struct Options {
    version: Inner,
}

fn main() {}
