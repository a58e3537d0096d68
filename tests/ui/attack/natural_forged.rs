use std::marker::PhantomData;

use telemetry::TelemetrySnapshot;
use telemetry::__private::Natural;
use telemetry::schema::{Field, Kind, Schema};
use telemetry::snapshot::Recorder;

struct Options;

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::group(&[Field::new("on", Kind::flag())]);
    const KIND: Natural<Self> = Natural { kind: Kind::number(0, 1 << 52), of: PhantomData };

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.number(1 << 52);
    }
}

fn main() {}
