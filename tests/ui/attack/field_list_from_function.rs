use telemetry::TelemetrySnapshot;
use telemetry::schema::{Field, Kind, Schema};
use telemetry::snapshot::Recorder;

struct Options;

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::group(fields());

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(true);
    }
}

fn fields() -> &'static [Field] {
    let name: &'static str = std::env::var("SECRET").unwrap().leak();
    vec![Field::new(name, Kind::flag())].leak()
}

fn main() {}
