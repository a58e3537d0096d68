use telemetry::TelemetrySnapshot;
use telemetry::schema::{Field, Kind, Schema};
use telemetry::snapshot::Recorder;

struct Options {
    secret: String,
}

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = *schema();

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(self.secret.is_empty());
    }
}

fn schema() -> &'static Schema {
    let name: &'static str = std::env::var("SECRET").unwrap().leak();
    Box::leak(Box::new(Schema::group(Box::leak(Box::new([Field::new(name, Kind::flag())])))))
}

fn main() {}
