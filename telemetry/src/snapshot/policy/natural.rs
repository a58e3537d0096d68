//! No attribute: what the type itself sends.

use crate::schema::{Depth, Natural, Schema, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// Every type with a snapshot, since the trait cannot be implemented elsewhere. Derived code asks it of the types that have an advice in
/// place of a policy: the compiler lists the implementations of the trait that it was asked about, and this one has none to list.
pub trait NeedsNoAttribute {
    /// As in [`TelemetrySnapshot`].
    const SCHEMA: Schema;

    /// As in [`TelemetrySnapshot`].
    const KIND: Natural<Self>;

    /// As in [`TelemetrySnapshot`].
    fn record(&self, recorder: &mut Recorder<'_>);

    /// As in [`TelemetrySnapshot`].
    fn record_nested(&self, recorder: &mut Recorder<'_>);

    /// As in [`TelemetrySnapshot`].
    fn record_absent(recorder: &mut Recorder<'_>);

    /// As in [`TelemetrySnapshot`].
    fn weight<D: Depth>() -> impl Weighed;
}

impl<T: TelemetrySnapshot + ?Sized> NeedsNoAttribute for T {
    const SCHEMA: Schema = T::SCHEMA;
    const KIND: Natural<Self> = T::KIND;

    #[inline]
    fn record(&self, recorder: &mut Recorder<'_>) {
        TelemetrySnapshot::record(self, recorder);
    }

    #[inline]
    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        TelemetrySnapshot::record_nested(self, recorder);
    }

    #[inline]
    fn record_absent(recorder: &mut Recorder<'_>) {
        <T as TelemetrySnapshot>::record_absent(recorder);
    }

    fn weight<D: Depth>() -> impl Weighed {
        <T as TelemetrySnapshot>::weight::<D>()
    }
}
