//! A version is its digits.

use crate::schema::{Kind, Schema};
use crate::snapshot::{Recorder, TelemetrySnapshot, Version};

/// One to three numbers; see [`Version`].
impl TelemetrySnapshot for Version {
    const SCHEMA: Schema = Schema::of(Self::KIND);
    const KIND: Kind = Kind::version().always();

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.version(*self);
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        recorder.version(*self);
    }
}
