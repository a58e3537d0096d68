//! The days of a simulation.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, SystemTime};

use crate::arrival::Day;
use crate::receive::Clock;

/// How many days a simulation has: 12 weeks.
pub const DAYS: i32 = 12 * 7;

/// The first day: a Monday, 2026-08-31. The days do not depend on when it is run, so that a seed always gives the same pages.
const FIRST: Day = Day(20_696);

/// Tells the collector the day. It moves on when the simulation says so, and stays on its last day.
#[derive(Clone, Debug)]
pub struct Calendar(Arc<AtomicI32>);

impl Default for Calendar {
    fn default() -> Self {
        Self(Arc::new(AtomicI32::new(FIRST.0)))
    }
}

impl Calendar {
    /// The clock of the collector.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let day = Arc::clone(&self.0);
        Clock::new(move || {
            let days = u64::try_from(day.load(Ordering::SeqCst)).unwrap_or_default();
            SystemTime::UNIX_EPOCH + Duration::from_secs(days * 24 * 60 * 60)
        })
    }

    /// The day of the calendar on which a day of the simulation falls, which counts from 0.
    #[must_use]
    pub const fn day(day: i32) -> Day {
        Day(FIRST.0 + day)
    }

    /// Moves on to a day of the simulation.
    pub(super) fn turn(&self, day: i32) {
        self.0.store(Self::day(day).0, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_are_twelve_weeks_from_a_monday() {
        let calendar = Calendar::default();
        assert_eq!(calendar.clock().today().to_string(), "2026-08-31");
        assert_eq!(Calendar::day(0).date().weekday(), jiff::civil::Weekday::Monday);
        calendar.turn(DAYS - 1);
        assert_eq!(calendar.clock().today().to_string(), "2026-11-22");
    }
}
