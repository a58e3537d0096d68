use telemetry::TelemetrySnapshot;

fn name() -> &'static str {
    String::from("hunter2").leak()
}

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(presence, rename = name())]
    token: String,
}

fn main() {}
