use telemetry::schema::{Kind, Schema};
use telemetry::snapshot::Recorder;
use telemetry::{Telemetry, TelemetryEvent, TelemetrySnapshot};

struct Init;

impl TelemetrySnapshot for Init {
    const SCHEMA: Schema = Schema::of(Kind::flag());

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
    }
}

impl TelemetryEvent for Init {
    const NAME: &'static str = "init";
}

fn publish(telemetry: &Telemetry) {
    telemetry.publish(&Init);
}

fn main() {}
