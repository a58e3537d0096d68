use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(one_of("strict\u{200b}"))]
    value: String,
}

fn main() {}
