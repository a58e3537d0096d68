use telemetry::schema::Schema;
use telemetry::snapshot::Recorder;
use telemetry::{TelemetryEvent, TelemetrySnapshot};

struct Init;

impl TelemetrySnapshot for Init {
    const SCHEMA: Schema = Schema::group(&[]);

    fn record(&self, _: &mut Recorder<'_>) {}
}

impl TelemetryEvent for Init {
    const NAME: &'static str = String::from("hunter2").leak();
}

fn main() {}
