use telemetry::TelemetrySnapshot;
use telemetry::schema::{Kind, Schema, Words};
use telemetry::snapshot::Recorder;

struct Options {
    secret: String,
}

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::of(Kind::tag(Words::new(&["a"])));

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.tag(self.secret.as_str());
    }
}

fn main() {}
