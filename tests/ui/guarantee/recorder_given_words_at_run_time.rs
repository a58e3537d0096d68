use telemetry::TelemetrySnapshot;
use telemetry::schema::{Field, Kind, Schema, Words};
use telemetry::snapshot::Recorder;

struct Options {
    token: String,
}

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::group(&[Field::new("token", Kind::tag(Words::new(&["a"])))]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.tag(0, Words::new(&[]));
    }
}

fn main() {}
