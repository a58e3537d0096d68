use telemetry::TelemetrySnapshot;

struct Inner;

impl TelemetrySnapshot for Inner {
    const SCHEMA: telemetry::schema::Schema = telemetry::schema::Schema::group(&[]);

    fn record(&self, _: &mut telemetry::snapshot::Recorder<'_>) {}
}

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = 1_000)]
struct Options {
    inner: Inner,
}

fn main() {}
