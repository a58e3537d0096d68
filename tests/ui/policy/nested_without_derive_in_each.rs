use telemetry::TelemetrySnapshot;

struct Database {
    url: String,
}

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(each)]
    databases: Vec<Option<Database>>,
}

fn main() {}
