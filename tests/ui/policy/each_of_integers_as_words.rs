use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(one_of("1", "2")))]
    levels: Vec<u8>,
}

fn main() {}
