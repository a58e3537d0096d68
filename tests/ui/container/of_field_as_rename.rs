use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(rename = "Options")]
struct Options {
    secure: bool,
}

fn main() {}
