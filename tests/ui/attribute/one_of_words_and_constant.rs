use telemetry::TelemetrySnapshot;
use telemetry::schema::Words;

const PROVIDERS: Words = Words::new(&["google"]);

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(one_of(PROVIDERS, "github"))]
    value: String,
}

fn main() {}
