//! `flag`: `bool`, or `Option<bool>` whose `None` is `false`.

use super::through_pointers;
use crate::snapshot::Recorder;

/// Types accepted by `#[telemetry(flag)]`.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(flag)]` takes a `bool` or an `Option<bool>`, not a `{Self}`",
    label = "not a `bool`",
    note = "`#[telemetry(flag, with = path)]` computes a `bool` from the field: `flag, with = Option::is_some`"
)]
pub trait Flag {
    /// The flag.
    fn flag(&self) -> bool;

    /// Records the flag.
    #[inline]
    fn record_flag(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(self.flag());
    }
}

impl Flag for bool {
    #[inline]
    fn flag(&self) -> bool {
        *self
    }
}

impl<T: Flag> Flag for Option<T> {
    #[inline]
    fn flag(&self) -> bool {
        self.as_ref().is_some_and(Flag::flag)
    }
}

through_pointers!(Flag {
    fn flag(&self) -> bool {
        (**self).flag()
    }
});
