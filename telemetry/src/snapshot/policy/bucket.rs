//! `bucket`: the range that contains a number.

use core::cell::Cell;
use core::time::Duration;

use super::number::{Number, TimeNumber, Unit};
use super::{through_cells, through_pointers};
use crate::snapshot::Recorder;

/// Types accepted by `#[telemetry(bucket(...))]` without a unit of time.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(bucket(...))]` takes a number, not a `{Self}`",
    label = "not a number",
    note = "a `Duration` needs a unit of time, which is `ns`, `us`, `ms`, `s`, `min`, `h` or `d`: \
            `bucket(60, 3_600, unit = \"s\")`; `bucket(...), with = path` computes a number from the field"
)]
pub trait Bucket {
    /// Whether there is always a number.
    const REQUIRED: bool = true;

    /// The number, rounded down: ranges are half-open, so 9.7 is below 10. `None` if there is no number.
    fn floor(&self) -> Option<i64>;

    /// Records the range.
    #[inline]
    fn record_bucket(&self, recorder: &mut Recorder<'_>) {
        match self.floor() {
            Some(number) => recorder.range(number),
            None => recorder.absent(),
        }
    }
}

/// Types accepted by `#[telemetry(bucket(...))]` with a unit of time.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(bucket(...))]` takes a number or a `Duration`, not a `{Self}`",
    label = "not a number or a `Duration`",
    note = "`bucket(...), with = path` computes one from the field"
)]
pub trait TimeBucket {
    /// Whether there is always a number.
    const REQUIRED: bool = true;

    /// The number in `unit`, rounded down; `None` if there is no number.
    fn floor_in(&self, unit: Unit) -> Option<i64>;

    /// Records the range.
    #[inline]
    fn record_bucket_in(&self, unit: Unit, recorder: &mut Recorder<'_>) {
        match self.floor_in(unit) {
            Some(number) => recorder.range(number),
            None => recorder.absent(),
        }
    }
}

macro_rules! integers {
    ($($integer:ty),+ $(,)?) => {
        $(#[diagnostic::do_not_recommend]
        impl Bucket for $integer {
            #[inline]
            fn floor(&self) -> Option<i64> {
                self.number()
            }
        }

        #[diagnostic::do_not_recommend]
        impl TimeBucket for $integer {
            #[inline]
            fn floor_in(&self, _: Unit) -> Option<i64> {
                self.number()
            }
        })+
    };
}

integers! {
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize,
    core::num::NonZeroU8, core::num::NonZeroU16, core::num::NonZeroU32, core::num::NonZeroU64,
    core::num::NonZeroU128, core::num::NonZeroUsize, core::num::NonZeroI8, core::num::NonZeroI16,
    core::num::NonZeroI32, core::num::NonZeroI64, core::num::NonZeroI128, core::num::NonZeroIsize,
}

#[cfg(target_has_atomic = "8")]
integers!(core::sync::atomic::AtomicI8, core::sync::atomic::AtomicU8);
#[cfg(target_has_atomic = "16")]
integers!(core::sync::atomic::AtomicI16, core::sync::atomic::AtomicU16);
#[cfg(target_has_atomic = "32")]
integers!(core::sync::atomic::AtomicI32, core::sync::atomic::AtomicU32);
#[cfg(target_has_atomic = "64")]
integers!(core::sync::atomic::AtomicI64, core::sync::atomic::AtomicU64);
#[cfg(target_has_atomic = "ptr")]
integers!(core::sync::atomic::AtomicIsize, core::sync::atomic::AtomicUsize);

macro_rules! wrappers {
    ($($wrapper:ident)+) => {
        $(#[diagnostic::do_not_recommend]
        impl<T: Bucket> Bucket for core::num::$wrapper<T> {
            const REQUIRED: bool = T::REQUIRED;

            #[inline]
            fn floor(&self) -> Option<i64> {
                self.0.floor()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: TimeBucket> TimeBucket for core::num::$wrapper<T> {
            const REQUIRED: bool = T::REQUIRED;

            #[inline]
            fn floor_in(&self, unit: Unit) -> Option<i64> {
                self.0.floor_in(unit)
            }
        })+
    };
}

wrappers!(Wrapping Saturating);

#[diagnostic::do_not_recommend]
impl<T: Bucket + Copy> Bucket for Cell<T> {
    const REQUIRED: bool = T::REQUIRED;

    #[inline]
    fn floor(&self) -> Option<i64> {
        self.get().floor()
    }
}

#[diagnostic::do_not_recommend]
impl<T: TimeBucket + Copy> TimeBucket for Cell<T> {
    const REQUIRED: bool = T::REQUIRED;

    #[inline]
    fn floor_in(&self, unit: Unit) -> Option<i64> {
        self.get().floor_in(unit)
    }
}

through_cells!(Bucket {
    const REQUIRED: bool = false;

    fn floor(&self) -> Option<i64> {
        self.get().and_then(Bucket::floor)
    }
});

through_cells!(TimeBucket {
    const REQUIRED: bool = false;

    fn floor_in(&self, unit: Unit) -> Option<i64> {
        self.get().and_then(|value| value.floor_in(unit))
    }
});

macro_rules! floats {
    ($($float:ident)+) => {
        $(#[diagnostic::do_not_recommend]
        impl Bucket for $float {
            /// NaN is sent as absent, so a float is never guaranteed to be present.
            const REQUIRED: bool = false;

            #[inline]
            fn floor(&self) -> Option<i64> {
                (!self.is_nan()).then(|| $float::floor(*self) as i64)
            }
        }

        #[diagnostic::do_not_recommend]
        impl TimeBucket for $float {
            const REQUIRED: bool = false;

            #[inline]
            fn floor_in(&self, _: Unit) -> Option<i64> {
                Bucket::floor(self)
            }
        })+
    };
}

floats!(f32 f64);

#[diagnostic::do_not_recommend]
impl TimeBucket for Duration {
    #[inline]
    fn floor_in(&self, unit: Unit) -> Option<i64> {
        self.number_in(unit)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Bucket> Bucket for Option<T> {
    const REQUIRED: bool = false;

    #[inline]
    fn floor(&self) -> Option<i64> {
        self.as_ref().and_then(Bucket::floor)
    }
}

#[diagnostic::do_not_recommend]
impl<T: TimeBucket> TimeBucket for Option<T> {
    const REQUIRED: bool = false;

    #[inline]
    fn floor_in(&self, unit: Unit) -> Option<i64> {
        self.as_ref().and_then(|value| value.floor_in(unit))
    }
}

through_pointers!(Bucket {
    const REQUIRED: bool = T::REQUIRED;

    fn floor(&self) -> Option<i64> {
        (**self).floor()
    }
});

through_pointers!(TimeBucket {
    const REQUIRED: bool = T::REQUIRED;

    fn floor_in(&self, unit: Unit) -> Option<i64> {
        (**self).floor_in(unit)
    }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_round_down() {
        assert_eq!(Bucket::floor(&9.7_f64), Some(9));
        assert_eq!(Bucket::floor(&-0.5_f32), Some(-1));
        assert_eq!(Bucket::floor(&f64::NAN), None);
        assert_eq!(Bucket::floor(&f64::INFINITY), Some(i64::MAX));
        assert_eq!(Bucket::floor(&f64::NEG_INFINITY), Some(i64::MIN));
    }
}
