use telemetry::TelemetrySnapshot;

const OTHER: &str = "other";

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(one_of("a", other = OTHER))]
    token: String,
}

fn main() {}
