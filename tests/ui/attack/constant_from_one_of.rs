use telemetry::TelemetrySnapshot;
use telemetry::schema::Words;

static WORDS: std::sync::LazyLock<Words> =
    std::sync::LazyLock::new(|| Words::new(vec![&*std::env::var("SECRET").unwrap().leak()].leak()));

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(one_of(WORDS))]
    provider: String,
}

fn main() {}
