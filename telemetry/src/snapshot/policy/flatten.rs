//! `flatten`: the members of a group become members of the enclosing group.

use crate::schema::{Depth, Field, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// Types accepted by `#[telemetry(flatten)]`: every type with a snapshot, since the trait cannot be implemented elsewhere.
///
/// Derived code needs only this trait of the type, so a type without a snapshot gives a single error.
#[diagnostic::on_unimplemented(
    message = "telemetry does not know what may leave of a `{Self}`",
    label = "this type has no policy of its own",
    note = "for a configuration struct or enum of yours: `#[derive(TelemetrySnapshot)]` on it"
)]
pub trait Flattened {
    /// The members. A type without members is kept unchanged, and rejected where it is used.
    const MEMBERS: Field;

    /// The members of a group or of an enum under a tag; any other type as the member `value`.
    const BESIDE: Field;

    /// Records `BESIDE`, as the last of the members around it.
    fn record_beside(&self, recorder: &mut Recorder<'_>);

    /// Records the members.
    fn record_flattened(&self, recorder: &mut Recorder<'_>);

    /// The information that the members can reveal. Never called: the return type carries the answer.
    fn weight<D: Depth>() -> impl Weighed;
}

impl<T: TelemetrySnapshot + ?Sized> Flattened for T {
    const MEMBERS: Field = Field::members(&T::SCHEMA);
    const BESIDE: Field = Field::beside::<T>();

    fn record_beside(&self, recorder: &mut Recorder<'_>) {
        recorder.beside(self);
    }

    #[inline]
    fn record_flattened(&self, recorder: &mut Recorder<'_>) {
        self.record_nested(recorder);
    }

    fn weight<D: Depth>() -> impl Weighed {
        T::weight::<D>()
    }
}
