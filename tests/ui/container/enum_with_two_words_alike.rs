use telemetry::TelemetrySnapshot;

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "lowercase")]
enum Store {
    MySql,
    Mysql,
}

fn main() {}
