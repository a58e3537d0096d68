//! `semver`: a version sends its numbers.

use semver::Version as Semver;

use crate::schema::weight::Nothing;
use crate::schema::{Depth, Kind, Natural, Schema, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot, Version};

/// Its three numbers. The pre-release and the build metadata are dropped; a version with a number above 65535 is left out.
impl TelemetrySnapshot for Semver {
    const SCHEMA: Schema = Schema::of(Kind::version());
    const KIND: Natural<Self> = Natural::EAGER;

    fn weight<D: Depth>() -> impl Weighed {
        Nothing
    }

    fn record(&self, recorder: &mut Recorder<'_>) {
        let part = |part: u64| u16::try_from(part).ok();
        match (part(self.major), part(self.minor), part(self.patch)) {
            (Some(major), Some(minor), Some(patch)) => recorder.version(Version::new(major, minor, patch)),
            _ => recorder.absent(),
        }
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        self.record(recorder);
    }
}
