use telemetry::TelemetrySnapshot;
use std::sync::LazyLock;
use telemetry::schema::Words;

static PROVIDERS: LazyLock<Words> = LazyLock::new(|| Words::new(&["a"]));

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(one_of(PROVIDERS))]
    token: String,
}

fn main() {}
