//! The clocks by which ages and pauses are measured, read in one place so that tests can set them.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use serde::{Deserialize, Serialize};

/// Tells the time. Clones tell the same time.
#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> Moment + Send + Sync>);

/// One moment, as measured within this process and across processes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// For waits within this process.
    pub(crate) instant: Instant,
    /// For ages and pauses that outlive the process.
    pub(crate) stamp: Stamp,
}

/// A moment that another process can compare with its own time.
///
/// The wall clock can be wrong and can be set. The time since the system started is reliable, but is meaningful only until the
/// next restart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    /// Seconds since 1970, by the wall clock.
    pub(crate) at: u64,
    /// Seconds since the system started, including time asleep, where available.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) up: Option<i64>,
    /// Distinguishes one start of the system from another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) boot: Option<u64>,
}

/// A day of UTC, which has no leap seconds here.
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Any correct wall clock shows a later time than this, in seconds since 1970: 1 January 2026.
const EARLIEST: u64 = 1_767_225_600;

/// A longer time between two readings of the wall clock means that one of them was wrong: 20 years.
const LONGEST: u64 = 20 * 365 * 24 * 60 * 60;

/// How far the wall clock may differ between two starts of the system: one day.
const TOLERANCE: u64 = DAY.as_secs();

impl Clock {
    /// A clock for tests.
    #[cfg(test)]
    pub(crate) fn new(read: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    pub(crate) fn now(&self) -> Moment {
        (self.0)()
    }

    pub(crate) fn stamp(&self) -> Stamp {
        self.now().stamp
    }
}

impl Default for Clock {
    /// The system's clocks.
    fn default() -> Self {
        Self(Arc::new(|| Moment { instant: Instant::now(), stamp: Stamp::now() }))
    }
}

impl Stamp {
    pub(crate) fn now() -> Self {
        let at = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
        let (up, boot) = system::up().zip(system::boot()).unzip();
        Self { at, up, boot }
    }

    /// The time from this moment to a later one; `None` if it is unknown, because the wall clock was wrong at one of them.
    pub(crate) fn until(&self, later: &Self) -> Option<Duration> {
        if let (Some(boot), Some(up), Some(later_up)) = (self.boot, self.up, later.up)
            && later.boot == Some(boot)
            && let Some(passed) = later_up.checked_sub(up)
            && let Ok(seconds) = u64::try_from(passed)
        {
            return Some(Duration::from_secs(seconds));
        }
        if self.at < EARLIEST || later.at < EARLIEST {
            return None;
        }
        match later.at.checked_sub(self.at) {
            Some(seconds) if seconds < LONGEST => Some(Duration::from_secs(seconds)),
            None if self.at - later.at < TOLERANCE => Some(Duration::ZERO),
            _ => None,
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use std::sync::OnceLock;

    use nix::time::{ClockId, clock_gettime};

    #[allow(clippy::useless_conversion, reason = "its type differs by system")]
    pub(super) fn up() -> Option<i64> {
        clock_gettime(ClockId::CLOCK_BOOTTIME).ok().map(|time| time.tv_sec().into())
    }

    /// The first half of the kernel's random boot id.
    pub(super) fn boot() -> Option<u64> {
        static BOOT: OnceLock<Option<u64>> = OnceLock::new();
        *BOOT.get_or_init(|| {
            let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
            let digits: String = id.chars().filter(char::is_ascii_hexdigit).take(16).collect();
            u64::from_str_radix(&digits, 16).ok()
        })
    }
}

/// Other systems have only the wall clock.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod system {
    pub(super) fn up() -> Option<i64> {
        None
    }

    pub(super) fn boot() -> Option<u64> {
        None
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Mutex;

    use super::*;

    /// A clock that a test can move.
    #[derive(Clone)]
    pub(crate) struct Hand(Arc<Mutex<Moment>>);

    impl Hand {
        pub(crate) fn new() -> Self {
            let stamp = Stamp { at: EARLIEST + 1_000_000, up: Some(1_000), boot: Some(7) };
            Self(Arc::new(Mutex::new(Moment { instant: Instant::now(), stamp })))
        }

        pub(crate) fn clock(&self) -> Clock {
            let hand = self.clone();
            Clock::new(move || *hand.0.lock().unwrap())
        }

        pub(crate) fn pass(&self, time: Duration) {
            let mut moment = self.0.lock().unwrap();
            moment.instant += time;
            moment.stamp.at += time.as_secs();
            moment.stamp.up = moment.stamp.up.map(|up| up + i64::try_from(time.as_secs()).unwrap());
        }
    }

    impl Hand {
        /// Time passes in which the system sleeps, which the clock of a process does not see.
        pub(crate) fn sleep(&self, time: Duration) {
            let instant = self.0.lock().unwrap().instant;
            self.pass(time);
            self.0.lock().unwrap().instant = instant;
        }

        /// Sets the wall clock by so many seconds, while no time passes.
        pub(crate) fn set(&self, seconds: i64) {
            let mut moment = self.0.lock().unwrap();
            moment.stamp.at = moment.stamp.at.saturating_add_signed(seconds);
        }

        pub(crate) fn set_back(&self, time: Duration) {
            self.set(-i64::try_from(time.as_secs()).unwrap());
        }
    }

    const YEAR: u64 = 365 * 24 * 60 * 60;
    const NOW: u64 = EARLIEST + YEAR;

    const fn stamp(at: u64, up: i64, boot: u64) -> Stamp {
        Stamp { at, up: Some(up), boot: Some(boot) }
    }

    #[test]
    fn a_time_is_measured_by_the_clock_that_was_not_set() {
        let none = |at| Stamp { at, up: None, boot: None };
        for (then, now, expected) in [
            // The system ran the whole time, whatever the wall clock says.
            (stamp(NOW, 100, 1), stamp(NOW + 50, 150, 1), Some(50)),
            (stamp(60, 100, 1), stamp(NOW, 150, 1), Some(50)),
            (stamp(NOW + 70 * YEAR, 100, 1), stamp(NOW, 150, 1), Some(50)),
            (stamp(NOW, -100, 1), stamp(NOW, 150, 1), Some(250)),
            // The system was restarted, or it is unknown whether it was.
            (stamp(NOW, 100, 1), stamp(NOW + 5_000, 50, 2), Some(5_000)),
            (none(NOW), stamp(NOW + 5_000, 50, 2), Some(5_000)),
            (none(NOW), none(NOW + 5_000), Some(5_000)),
            (none(NOW + 60), none(NOW), Some(0)),
            // One of the two clocks was wrong.
            (stamp(60, 100, 1), stamp(NOW, 50, 2), None),
            (stamp(NOW, 100, 1), stamp(60, 50, 2), None),
            (stamp(NOW + 70 * YEAR, 100, 1), stamp(NOW, 50, 2), None),
            (stamp(NOW, 100, 1), stamp(NOW + 70 * YEAR, 50, 2), None),
            (none(NOW + 2 * TOLERANCE), none(NOW), None),
        ] {
            assert_eq!(then.until(&now), expected.map(Duration::from_secs), "{then:?} {now:?}");
        }
    }

    #[test]
    fn the_time_of_now_is_compared_with_the_time_of_now() {
        let (first, second) = (Stamp::now(), Stamp::now());
        assert!(first.until(&second).is_some_and(|time| time < Duration::from_secs(5)), "{first:?} {second:?}");
        assert_eq!(first.up.is_some(), cfg!(target_os = "linux"));
    }
}
