use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(count(max = 4_294_967_296))]
    value: Vec<String>,
}

fn main() {}
