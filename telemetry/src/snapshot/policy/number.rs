//! `number`: integers, and durations in a unit.

use core::cell::Cell;
use core::time::Duration;

pub use telemetry_spec::time::Unit;

use super::{through_cells, through_pointers};
use crate::snapshot::Recorder;

/// Types accepted by `#[telemetry(number(...))]` without a unit of time.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(number(...))]` takes an integer, not a `{Self}`",
    label = "not an integer",
    note = "a `Duration` needs a unit of time, which is `ns`, `us`, `ms`, `s`, `min`, `h` or `d`: \
            `number(max = 86_400, unit = \"s\")`; a float is sent as its range: `bucket(1, 10)`; \
            `number(...), with = path` computes an integer from the field"
)]
pub trait Number {
    /// Whether there is always a number.
    const REQUIRED: bool = true;

    /// The number, or the nearest one that `i64` can hold; `None` if there is no number.
    fn number(&self) -> Option<i64>;

    /// Records the number.
    #[inline]
    fn record_number(&self, recorder: &mut Recorder<'_>) {
        match self.number() {
            Some(number) => recorder.integer(number),
            None => recorder.absent(),
        }
    }
}

/// Types accepted by `#[telemetry(number(...))]` with a unit of time: integers, taken to be in that unit already, and `Duration`.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(number(...))]` takes an integer or a `Duration`, not a `{Self}`",
    label = "not an integer or a `Duration`",
    note = "`number(...), with = path` computes one from the field"
)]
pub trait TimeNumber {
    /// Whether there is always a number.
    const REQUIRED: bool = true;

    /// The number in `unit`; `None` if there is no number.
    fn number_in(&self, unit: Unit) -> Option<i64>;

    /// Records the number in `unit`.
    #[inline]
    fn record_number_in(&self, unit: Unit, recorder: &mut Recorder<'_>) {
        match self.number_in(unit) {
            Some(number) => recorder.integer(number),
            None => recorder.absent(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl TimeNumber for Duration {
    #[inline]
    fn number_in(&self, unit: Unit) -> Option<i64> {
        Some(unit.whole(*self))
    }
}

macro_rules! integers {
    ($($integer:ident)+, $($nonzero:ident)+) => {
        $(#[diagnostic::do_not_recommend]
        impl Number for $integer {
            #[inline]
            fn number(&self) -> Option<i64> {
                Some(saturate!($integer, *self))
            }
        })+
        $(#[diagnostic::do_not_recommend]
        impl Number for core::num::$nonzero {
            #[inline]
            fn number(&self) -> Option<i64> {
                self.get().number()
            }
        })+
        $(#[diagnostic::do_not_recommend]
        impl TimeNumber for $integer {
            #[inline]
            fn number_in(&self, _: Unit) -> Option<i64> {
                self.number()
            }
        })+
        $(#[diagnostic::do_not_recommend]
        impl TimeNumber for core::num::$nonzero {
            #[inline]
            fn number_in(&self, _: Unit) -> Option<i64> {
                self.number()
            }
        })+
    };
}

/// Saturating to `i64` changes no result: bounds are within ±(2^53 - 1). The code is compiled again for each field of such a type, so for the
/// usual types it has no branches.
macro_rules! saturate {
    (u64, $value:expr) => {
        i64::MAX - (i64::MAX as u64).saturating_sub($value) as i64
    };
    (usize, $value:expr) => {
        saturate!(u64, $value as u64)
    };
    (u128, $value:expr) => {
        i64::MAX - (i64::MAX as u128).saturating_sub($value) as i64
    };
    (i128, $value:expr) => {
        i64::try_from($value).unwrap_or(if $value < 0 { i64::MIN } else { i64::MAX })
    };
    ($integer:ident, $value:expr) => {
        $value as i64
    };
}

integers! {
    u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize,
    NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64 NonZeroU128 NonZeroUsize
    NonZeroI8 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroI128 NonZeroIsize
}

#[diagnostic::do_not_recommend]
impl<T: Number> Number for Option<T> {
    const REQUIRED: bool = false;

    #[inline]
    fn number(&self) -> Option<i64> {
        self.as_ref().and_then(Number::number)
    }
}

#[diagnostic::do_not_recommend]
impl<T: TimeNumber> TimeNumber for Option<T> {
    const REQUIRED: bool = false;

    #[inline]
    fn number_in(&self, unit: Unit) -> Option<i64> {
        self.as_ref().and_then(|value| value.number_in(unit))
    }
}

macro_rules! atomics {
    ($($atomic:ident)+) => {
        $(#[diagnostic::do_not_recommend]
        impl Number for core::sync::atomic::$atomic {
            #[inline]
            fn number(&self) -> Option<i64> {
                self.load(core::sync::atomic::Ordering::Relaxed).number()
            }
        }

        #[diagnostic::do_not_recommend]
        impl TimeNumber for core::sync::atomic::$atomic {
            #[inline]
            fn number_in(&self, _: Unit) -> Option<i64> {
                self.number()
            }
        })+
    };
}

#[cfg(target_has_atomic = "8")]
atomics!(AtomicI8 AtomicU8);
#[cfg(target_has_atomic = "16")]
atomics!(AtomicI16 AtomicU16);
#[cfg(target_has_atomic = "32")]
atomics!(AtomicI32 AtomicU32);
#[cfg(target_has_atomic = "64")]
atomics!(AtomicI64 AtomicU64);
#[cfg(target_has_atomic = "ptr")]
atomics!(AtomicIsize AtomicUsize);

macro_rules! wrappers {
    ($($wrapper:ident)+) => {
        $(#[diagnostic::do_not_recommend]
        impl<T: Number> Number for core::num::$wrapper<T> {
            const REQUIRED: bool = T::REQUIRED;

            #[inline]
            fn number(&self) -> Option<i64> {
                self.0.number()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: TimeNumber> TimeNumber for core::num::$wrapper<T> {
            const REQUIRED: bool = T::REQUIRED;

            #[inline]
            fn number_in(&self, unit: Unit) -> Option<i64> {
                self.0.number_in(unit)
            }
        })+
    };
}

wrappers!(Wrapping Saturating);

#[diagnostic::do_not_recommend]
impl<T: Number + Copy> Number for Cell<T> {
    const REQUIRED: bool = T::REQUIRED;

    #[inline]
    fn number(&self) -> Option<i64> {
        self.get().number()
    }
}

#[diagnostic::do_not_recommend]
impl<T: TimeNumber + Copy> TimeNumber for Cell<T> {
    const REQUIRED: bool = T::REQUIRED;

    #[inline]
    fn number_in(&self, unit: Unit) -> Option<i64> {
        self.get().number_in(unit)
    }
}

through_cells!(Number {
    const REQUIRED: bool = false;

    fn number(&self) -> Option<i64> {
        self.get().and_then(Number::number)
    }
});

through_cells!(TimeNumber {
    const REQUIRED: bool = false;

    fn number_in(&self, unit: Unit) -> Option<i64> {
        self.get().and_then(|value| value.number_in(unit))
    }
});

through_pointers!(Number {
    const REQUIRED: bool = T::REQUIRED;

    fn number(&self) -> Option<i64> {
        (**self).number()
    }
});

through_pointers!(TimeNumber {
    const REQUIRED: bool = T::REQUIRED;

    fn number_in(&self, unit: Unit) -> Option<i64> {
        (**self).number_in(unit)
    }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saturates() {
        assert_eq!(u128::MAX.number(), Some(i64::MAX));
        assert_eq!(i128::MIN.number(), Some(i64::MIN));
        assert_eq!(i128::MAX.number(), Some(i64::MAX));
        for value in [0, 5, i64::MAX - 1, i64::MAX] {
            assert_eq!((value as u64).number(), Some(value));
            assert_eq!((value as u128).number(), Some(value));
        }
        assert_eq!((u64::from(u32::MAX) + 5).number(), Some(4_294_967_300));
        assert_eq!((i64::MAX as u64 + 1).number(), Some(i64::MAX));
        assert_eq!(u64::MAX.number(), Some(i64::MAX));
        assert_eq!(
            (5_usize.number(), usize::MAX.number()),
            (Some(5), Some(i64::try_from(usize::MAX).unwrap_or(i64::MAX)))
        );
        assert_eq!(isize::MIN.number(), i64::try_from(isize::MIN).ok());
        assert_eq!(None::<u8>.number(), None);
        assert_eq!(Duration::MAX.number_in(Unit::Nanoseconds), Some(i64::MAX));
        assert_eq!(Duration::from_secs(3_599).number_in(Unit::Minutes), Some(59));
    }
}
