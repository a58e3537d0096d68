//! The day of receipt.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::arrival::Day;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Tells the day. Only days are kept, so that a clock that is wrong by hours matters at midnight only.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// The clock of the system.
    #[must_use]
    pub fn system() -> Self {
        Self::new(SystemTime::now)
    }

    /// Another clock, for tests and simulations.
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The day in UTC.
    #[must_use]
    pub fn today(&self) -> Day {
        let days = |since: Duration| i32::try_from(since.as_secs() / DAY.as_secs()).unwrap_or(i32::MAX);
        match (self.0)().duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => Day(days(since)),
            // A clock that was never set. The day before 1970 begins a second earlier than its division says.
            Err(before) => Day(-1 - days(before.duration().saturating_sub(Duration::from_nanos(1)))),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// The day on which an event was published that is so many days old.
pub(super) fn published(received: Day, age_days: u8) -> Day {
    Day(received.0.saturating_sub(i32::from(age_days)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(at: SystemTime) -> i32 {
        Clock::new(move || at).today().0
    }

    #[test]
    fn a_day_begins_at_midnight_in_utc() {
        let epoch = SystemTime::UNIX_EPOCH;
        let second = Duration::from_secs(1);
        assert_eq!([epoch, epoch + DAY - second, epoch + DAY, epoch + 20_000 * DAY].map(day), [0, 0, 1, 20_000]);
        assert_eq!([epoch - second, epoch - DAY, epoch - DAY - second].map(day), [-1, -1, -2]);
    }

    #[test]
    fn a_clock_that_is_read_again_follows_jumps() {
        let days = Arc::new(std::sync::Mutex::new(vec![3_u32, 1, 9]));
        let clock = Clock::new(move || SystemTime::UNIX_EPOCH + days.lock().unwrap().pop().unwrap() * DAY);
        assert_eq!([(); 3].map(|()| clock.today().0), [9, 1, 3]);
    }

    #[test]
    fn the_age_leads_back_to_the_day_of_publishing() {
        assert_eq!(published(Day(20_000), 7), Day(19_993));
        assert_eq!(published(Day(20_000), 0), Day(20_000));
        assert_eq!(published(Day(i32::MIN), 7), Day(i32::MIN));
    }
}
