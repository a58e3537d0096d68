use telemetry::TelemetrySnapshot;

fn words() -> telemetry::schema::Words {
    telemetry::schema::Words::new(&["a"])
}

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(one_of(words()))]
    token: String,
}

fn main() {}
