use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(number(max = 86_400, unit = "s"))]
    expires: String,
}

fn main() {}
