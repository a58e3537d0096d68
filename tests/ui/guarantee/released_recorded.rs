use telemetry::TelemetrySnapshot;
use telemetry::schema::{Field, Kind, Released, Schema};
use telemetry::snapshot::Recorder;

struct Options {
    released: Released,
}

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::group(&[Field::new("released", Kind::flag())]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.group(&self.released);
    }
}

fn main() {}
