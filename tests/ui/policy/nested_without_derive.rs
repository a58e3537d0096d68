use telemetry::TelemetrySnapshot;

struct Database {
    url: String,
}

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
    database: Database,
}

fn main() {}
