use telemetry::TelemetrySnapshot;
use telemetry::schema::{Kind, Schema};
use telemetry::snapshot::Recorder;

impl TelemetrySnapshot for String {
    const SCHEMA: Schema = Schema::of(Kind::flag());

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
    }
}

fn main() {}
