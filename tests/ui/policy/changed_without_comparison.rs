use telemetry::TelemetrySnapshot;

struct Foreign;

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(changed(from = Foreign))]
    value: Foreign,
}

fn main() {}
