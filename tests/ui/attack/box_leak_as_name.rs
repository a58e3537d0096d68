use telemetry::TelemetrySnapshot;
use telemetry::schema::{Field, Kind, Schema};
use telemetry::snapshot::Recorder;

struct Options;

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::group(&[Field::new(leaked(), Kind::flag())]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
    }
}

fn leaked() -> &'static str {
    Box::leak(std::env::var("SECRET").unwrap().into_boxed_str())
}

fn main() {}
