//! `changed`: whether a value differs from its default.

use crate::snapshot::Recorder;

/// Types accepted by `#[telemetry(changed)]`: all that can be compared with the default.
pub trait Changed {
    /// Records whether the value differs from `from`.
    #[inline]
    fn record_changed<U: ?Sized>(&self, from: &U, recorder: &mut Recorder<'_>)
    where
        Self: PartialEq<U>,
    {
        recorder.flag(differs(self, from));
    }
}

impl<T: ?Sized> Changed for T {}

/// Whether the two differ.
#[inline]
pub fn differs<T: PartialEq<U> + ?Sized, U: ?Sized>(value: &T, from: &U) -> bool {
    value != from
}
