use std::sync::OnceLock;

use telemetry::TelemetrySnapshot;
use telemetry::schema::{Field, Kind, Schema};
use telemetry::snapshot::Recorder;

static NAME: OnceLock<&'static str> = OnceLock::new();

struct Options;

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::group(&[Field::new(NAME.get().unwrap(), Kind::flag())]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
    }
}

fn main() {}
