use telemetry::schema::Schema;
use telemetry::snapshot::Recorder;
use telemetry::{Telemetry, TelemetryEvent, TelemetrySnapshot};

struct Init;

impl TelemetrySnapshot for Init {
    const SCHEMA: Schema = Schema::group(&[]);

    fn record(&self, _: &mut Recorder<'_>) {}
}

impl TelemetryEvent for Init {
    const NAME: &'static str = "in it";
}

fn publish(telemetry: &Telemetry) {
    telemetry.publish(&Init);
}

fn main() {}
