use telemetry::TelemetrySnapshot;
use telemetry::schema::{Kind, Schema, Words};
use telemetry::snapshot::Recorder;

struct Options {
    secret: String,
}

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::of(Kind::tag(Words::new(&["a"])));

    fn record(&self, recorder: &mut Recorder<'_>) {
        let words = Words::new(vec![&*self.secret.clone().leak()].leak());
        recorder.tag(words.get(0));
    }
}

fn main() {}
