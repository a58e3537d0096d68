use telemetry::snapshot::{Presence, Recorder};

struct Endpoint(String);

impl Presence for Endpoint {
    fn is_present(&self) -> bool {
        !self.0.is_empty()
    }

    fn record_presence(&self, recorder: &mut Recorder<'_>) {
        recorder.number(self.0.len() as i128);
    }
}

fn main() {}
