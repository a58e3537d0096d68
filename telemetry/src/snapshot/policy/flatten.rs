//! `flatten`: the members of a group, in the group around it.

use crate::schema::{Depth, Field, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// What `#[telemetry(flatten)]` takes: every type with a snapshot, since nobody can write another implementation.
///
/// All that derived code needs of the type is here, so that a type without a snapshot is one error.
pub trait Flattened {
    /// The members. A type without members is left as it is, and refused where it stands.
    const MEMBERS: Field;

    /// Records the members.
    fn record_flattened(&self, recorder: &mut Recorder<'_>);

    /// What they can reveal. Never called: the type of the result says it.
    fn weight<D: Depth>() -> impl Weighed;
}

impl<T: TelemetrySnapshot + ?Sized> Flattened for T {
    const MEMBERS: Field = Field::members(&T::SCHEMA);

    #[inline]
    fn record_flattened(&self, recorder: &mut Recorder<'_>) {
        self.record_nested(recorder);
    }

    fn weight<D: Depth>() -> impl Weighed {
        T::weight::<D>()
    }
}
