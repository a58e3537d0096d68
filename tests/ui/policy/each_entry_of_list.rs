use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(each(key = "id", one_of("github")))]
    providers: Vec<String>,
}

fn main() {}
