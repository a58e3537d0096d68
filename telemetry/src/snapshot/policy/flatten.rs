//! `flatten`: the members of a group become members of the enclosing group.

use crate::schema::{Depth, Field, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// Types accepted by `#[telemetry(flatten)]`: every type with a snapshot, since the trait cannot be implemented elsewhere.
///
/// Derived code needs only this trait of the type, so a type without a snapshot gives a single error.
pub trait Flattened {
    /// The members. A type without members is kept unchanged, and rejected where it is used.
    const MEMBERS: Field;

    /// Records the members.
    fn record_flattened(&self, recorder: &mut Recorder<'_>);

    /// The information that the members can reveal. Never called: the return type carries the answer.
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
