use telemetry::TelemetrySnapshot;
use telemetry::schema::{Kind, Schema};
use telemetry::snapshot::Recorder;

static mut SECRET: Schema = Schema::of(Kind::flag());

struct Options {
    token: String,
}

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = SECRET;

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.tag(0);
    }
}

fn main() {}
