use telemetry::TelemetrySnapshot;
use telemetry::schema::{Field, Kind, Schema, Words};
use telemetry::snapshot::Recorder;

struct Options {
    token: String,
}

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::group(&[Field::new(String::from("hunter2").leak(), Kind::flag())]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
    }
}

fn main() {}
