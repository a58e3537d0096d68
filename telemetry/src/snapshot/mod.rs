//! From a configuration to its redacted bytes.

pub(crate) mod advice;
mod buffer;
mod error;
mod event;
mod impls;
pub(crate) mod policy;
mod recorder;
mod taken;
mod version;

pub use error::RecordError;
pub use event::TelemetryEvent;
pub use policy::Presence;
pub use recorder::Recorder;
pub use taken::Snapshot;
pub use version::Version;

pub(crate) use buffer::ROOM;
pub(crate) use event::event_schema;
pub(crate) use taken::write_into;

use crate::schema::weight::Handwritten;
use crate::schema::{Depth, HasSchema, Natural, Schema, Weighed};

/// A type whose values have a redacted view.
///
/// Derive it; see [the attributes](macro@crate::TelemetrySnapshot). The constant `SCHEMA` declares what can be
/// sent, and the values that `record` passes to the [`Recorder`] are sent.
///
/// A handwritten implementation has no more freedom than the derive: no method
/// of the recorder takes text, so it can send only flags, bounded numbers and
/// words listed in the constant.
#[diagnostic::on_unimplemented(
    message = "telemetry does not know what may leave of a `{Self}`",
    label = "this type has no policy of its own",
    note = "for a configuration struct or enum of yours: `#[derive(TelemetrySnapshot)]` on it",
    note = "for a type of another crate: `#[telemetry(nested, with = |value| View::of(value))]` sends a view that you define, and \
            all other policies, such as bucket and one_of, take such a function, too; `presence` on an `Option` sends whether \
            it is set; `skip` sends nothing"
)]
pub trait TelemetrySnapshot {
    /// Everything that a value can send.
    const SCHEMA: Schema;

    /// Records this value: one call for each field of the schema, in order.
    fn record(&self, recorder: &mut Recorder<'_>);

    /// The kind of a field that holds such a value. It reads `SCHEMA` in one of two ways.
    #[doc(hidden)]
    const KIND: Natural<Self> = Natural::LAZY;

    /// The information that such a value can reveal, and its maximum length, beyond its kind. Never called: the return
    /// type carries the answer.
    #[doc(hidden)]
    fn weight<D: Depth>() -> impl Weighed {
        Handwritten::<Self>::new()
    }

    /// Records this value as the next field.
    #[doc(hidden)]
    #[inline]
    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        recorder.group(self);
    }

    /// Records that the next field has no value.
    #[doc(hidden)]
    #[inline]
    fn record_absent(recorder: &mut Recorder<'_>) {
        recorder.absent();
    }
}

impl<T: TelemetrySnapshot + ?Sized> HasSchema for T {
    const SCHEMA: Schema = T::SCHEMA;
    const KIND: Natural<T> = T::KIND;

    fn weight<D: Depth>() -> impl Weighed {
        <T as TelemetrySnapshot>::weight::<D>()
    }
}
