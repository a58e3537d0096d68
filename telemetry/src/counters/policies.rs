//! The policies that counters and gauges suit.

use super::counter::Counter;
use super::gauge::Gauge;
use crate::snapshot::policy::{Bucket, Flag, Number, TimeBucket, TimeNumber, Unit};

#[diagnostic::do_not_recommend]
impl Number for Counter {
    fn number(&self) -> Option<i64> {
        // Bounds are within 2^53.
        Some(i64::try_from(self.get()).unwrap_or(i64::MAX))
    }
}

#[diagnostic::do_not_recommend]
impl Number for Gauge {
    fn number(&self) -> Option<i64> {
        Some(self.get())
    }
}

/// Whether anything was counted.
#[diagnostic::do_not_recommend]
impl Flag for Counter {
    fn flag(&self) -> bool {
        self.get() > 0
    }
}

/// A number that is in the unit of time already.
macro_rules! as_numbers {
    ($($ty:ident)+) => {
        $(#[diagnostic::do_not_recommend]
        impl TimeNumber for $ty {
            fn number_in(&self, _: Unit) -> Option<i64> {
                self.number()
            }
        }

        #[diagnostic::do_not_recommend]
        impl Bucket for $ty {
            fn floor(&self) -> Option<i64> {
                self.number()
            }
        }

        #[diagnostic::do_not_recommend]
        impl TimeBucket for $ty {
            fn floor_in(&self, _: Unit) -> Option<i64> {
                self.number()
            }
        })+
    };
}

as_numbers!(Counter Gauge);
