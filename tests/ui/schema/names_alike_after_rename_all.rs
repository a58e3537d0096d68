use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
struct Options {
    max_age: bool,
    #[allow(non_snake_case)]
    maxAge: bool,
}

fn main() {}
