use telemetry::TelemetrySnapshot;
use telemetry::schema::Words;

const PROVIDERS: Words = Words::new(&["google"]);
const OTHERS: Words = Words::new(&["github"]);

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    #[telemetry(one_of(PROVIDERS, OTHERS))]
    value: String,
}

fn main() {}
