use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(one_of["a", "b"])]
    name: String,
}

fn main() {}
