//! `semver`: a version sends its numbers.

use semver::Version as Semver;

use crate::schema::weight::Nothing;
use crate::schema::{Depth, Kind, Natural, Schema, Weighed};
use crate::snapshot::policy::Versioned;
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// Its three numbers. The pre-release and the build metadata are dropped; a version with a number above 65535 is left out.
impl TelemetrySnapshot for Semver {
    const SCHEMA: Schema = Schema::of(Kind::version());
    const KIND: Natural<Self> = Natural::EAGER;

    fn weight<D: Depth>() -> impl Weighed {
        Nothing
    }

    fn record(&self, recorder: &mut Recorder<'_>) {
        self.record_version(recorder);
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        self.record(recorder);
    }
}
