//! `changed`: whether a value differs from its default.

use crate::snapshot::Recorder;

/// Types accepted by `#[telemetry(changed)]`: all that can be compared with the default.
pub trait Changed {
    /// Records whether the value differs from `from`.
    #[inline]
    fn record_changed<U: ?Sized>(&self, from: &U, recorder: &mut Recorder<'_>)
    where
        Self: Compared<U>,
    {
        recorder.flag(self.differs(from));
    }
}

impl<T: ?Sized> Changed for T {}

/// Types with a default value, since the trait cannot be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(changed)]` compares with the field of `{Self}::default()`, and a `{Self}` has no default",
    label = "there is nothing to compare it with",
    note = "`changed(from = ...)` states the value; or `#[derive(Default)]` on the struct"
)]
pub trait HasDefault {
    /// The value.
    fn default_value() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> HasDefault for T {
    #[inline]
    fn default_value() -> Self {
        Self::default()
    }
}

/// Types that can be compared, since the trait cannot be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(changed)]` compares a `{Self}` with another value, and these cannot be compared",
    label = "there is no `==` for the two",
    note = "the value in `from` needs a type that the field can be compared with; for a type of yours: `#[derive(PartialEq)]` on it; \
            `changed, with = |value| ...` compares what a function gives"
)]
pub trait Compared<U: ?Sized> {
    /// Whether the two differ.
    fn differs(&self, from: &U) -> bool;
}

#[diagnostic::do_not_recommend]
impl<T: PartialEq<U> + ?Sized, U: ?Sized> Compared<U> for T {
    #[inline]
    fn differs(&self, from: &U) -> bool {
        self != from
    }
}

/// Whether the two differ.
#[inline]
pub fn differs<T: PartialEq<U> + ?Sized, U: ?Sized>(value: &T, from: &U) -> bool {
    value != from
}
