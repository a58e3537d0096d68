//! `flag`: `bool`, or `Option<bool>` whose `None` is `false`.

use core::cell::Cell;
use core::sync::atomic::{AtomicBool, Ordering};

use super::{through_cells, through_pointers};
use crate::snapshot::Recorder;

/// Types accepted by `#[telemetry(flag)]`.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(flag)]` takes a `bool` or an `Option<bool>`, not a `{Self}`",
    label = "not a `bool`",
    note = "`presence` sends whether an `Option` or a text is set; `#[telemetry(flag, with = |value| ...)]` computes a `bool` from the field"
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

#[diagnostic::do_not_recommend]
impl Flag for bool {
    #[inline]
    fn flag(&self) -> bool {
        *self
    }
}

#[diagnostic::do_not_recommend]
impl<T: Flag> Flag for Option<T> {
    #[inline]
    fn flag(&self) -> bool {
        self.as_ref().is_some_and(Flag::flag)
    }
}

#[diagnostic::do_not_recommend]
impl Flag for AtomicBool {
    #[inline]
    fn flag(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Flag + Copy> Flag for Cell<T> {
    #[inline]
    fn flag(&self) -> bool {
        self.get().flag()
    }
}

through_cells!(Flag {
    fn flag(&self) -> bool {
        self.get().is_some_and(Flag::flag)
    }
});

through_pointers!(Flag {
    fn flag(&self) -> bool {
        (**self).flag()
    }
});
