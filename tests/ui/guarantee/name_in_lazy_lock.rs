use telemetry::TelemetrySnapshot;
use telemetry::schema::{Field, Kind, Schema, Words};
use telemetry::snapshot::Recorder;
use std::sync::LazyLock;

static SECRET: LazyLock<&'static str> = LazyLock::new(|| "hunter2");

struct Options {
    token: String,
}

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::group(&[Field::new(*SECRET, Kind::flag())]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
    }
}

fn main() {}
