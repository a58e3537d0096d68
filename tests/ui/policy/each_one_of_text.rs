use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(one_of("read", "write")))]
    scope: String,
}

fn main() {}
