use std::sync::LazyLock;

use telemetry::TelemetrySnapshot;
use telemetry::schema::{Kind, Schema, Words};
use telemetry::snapshot::Recorder;

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::new(vec![&*std::env::var("SECRET").unwrap().leak()].leak()));

struct Options;

impl TelemetrySnapshot for Options {
    const SCHEMA: Schema = Schema::of(Kind::tag(*WORDS));

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.tag(0);
    }
}

fn main() {}
