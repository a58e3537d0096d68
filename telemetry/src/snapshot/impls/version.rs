//! A version sends its numbers.

use crate::schema::weight::Nothing;
use crate::schema::{Depth, Kind, Natural, Schema, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot, Version};

/// One to three numbers; see [`Version`].
impl TelemetrySnapshot for Version {
    const SCHEMA: Schema = Schema::of(Kind::version().always());
    const KIND: Natural<Self> = Natural::EAGER;

    fn weight<D: Depth>() -> impl Weighed {
        Nothing
    }

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.version(*self);
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        recorder.version(*self);
    }
}
