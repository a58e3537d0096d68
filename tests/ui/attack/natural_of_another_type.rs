use telemetry::TelemetrySnapshot;
use telemetry::__private::Natural;
use telemetry::schema::{Field, Kind, Schema};
use telemetry::snapshot::Recorder;

struct Options;

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::group(&[Field::new("on", Kind::flag())]);
    const KIND: Natural<Self> = Natural::<Vec<u8>>::EAGER;

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.count(1_000);
    }
}

fn main() {}
