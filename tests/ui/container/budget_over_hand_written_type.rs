use telemetry::TelemetrySnapshot;

use telemetry::schema::{Field, Kind, Schema};
use telemetry::snapshot::Recorder;

struct Inner;

impl TelemetrySnapshot for Inner {
    const SCHEMA: Schema = Schema::group(&[Field::new("nested", Kind::group::<bool>())]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.group(&true);
    }
}

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = 1_000)]
struct Options {
    inner: Inner,
}

fn main() {}
