//! When a heartbeat is due. Nothing here waits or reads a clock.

use std::time::Duration;

use crate::clock::{Moment, Stamp};
use crate::delivery::retry::HOUR;

/// How often a program publishes an event by itself.
///
/// ```
/// use std::time::Duration;
/// use telemetry::client::Every;
///
/// const DAILY: Every = Every::hours(24).after(Duration::from_secs(10 * 60)).once_an_install();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Every {
    period: Duration,
    after: Duration,
    is_once_an_install: bool,
}

/// The shortest period.
const SHORTEST: Duration = Duration::from_secs(1);

impl Every {
    /// Once in so long, and not more often than once a second.
    #[must_use]
    pub const fn new(period: Duration) -> Self {
        let period = if period.as_nanos() < SHORTEST.as_nanos() { SHORTEST } else { period };
        Self { period, after: Duration::ZERO, is_once_an_install: false }
    }

    /// Once in so many hours.
    #[must_use]
    pub const fn hours(hours: u32) -> Self {
        Self::new(Duration::from_secs(hours as u64 * 60 * 60))
    }

    /// Once in so many minutes.
    #[must_use]
    pub const fn minutes(minutes: u32) -> Self {
        Self::new(Duration::from_secs(minutes as u64 * 60))
    }

    /// The first one no earlier than this long after it was asked for. By default it can be at once.
    ///
    /// It comes up to an hour later than that, and no later than a period, so that installations that are started at the same time do not
    /// send at the same time.
    #[must_use]
    pub const fn after(self, warm_up: Duration) -> Self {
        Self { after: warm_up, ..self }
    }

    /// One in each period for all processes of the installation together, also across restarts.
    ///
    /// The time of the last one is kept in a file, so it needs a client that keeps events on disk, and a disk that can be written; otherwise
    /// each process has its own. Of processes that run at the same time, one is given the turn and calls its function.
    #[must_use]
    pub const fn once_an_install(self) -> Self {
        Self { is_once_an_install: true, ..self }
    }

    pub(super) const fn is_once_an_install(&self) -> bool {
        self.is_once_an_install
    }
}

/// The schedule of one heartbeat in one process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    every: Every,
    /// When it was asked for.
    begun: Moment,
    /// What keeps installations apart.
    jitter: Duration,
    /// The last one, of this process or of another one.
    last: Option<Moment>,
}

impl Schedule {
    /// `chance`, from 0 to 1, keeps installations apart.
    pub(super) fn new(every: Every, begun: Moment, chance: f64) -> Self {
        Self { every, begun, jitter: HOUR.min(every.period).mul_f64(chance), last: None }
    }

    /// How long until it is due; zero if it is.
    pub(super) fn left(&self, now: &Moment) -> Duration {
        let warm_up = self.every.after.saturating_add(self.jitter).saturating_sub(passed(&self.begun, now));
        let period = self.last.map(|last| self.every.period.saturating_sub(passed(&last, now)));
        // A period that has passed while no process ran does not cut the warm-up short.
        warm_up.max(period.unwrap_or_default())
    }

    /// It was done now. Of several that were missed, as by a computer that slept, there is one.
    pub(super) fn done(&mut self, now: &Moment) {
        self.last = Some(*now);
    }

    /// Another process did it then.
    pub(super) fn done_by_others(&mut self, at: &Stamp, now: &Moment) {
        let ago = at.until(&now.stamp).unwrap_or(self.every.period);
        let instant = now.instant.checked_sub(ago).unwrap_or(now.instant);
        self.last = Some(Moment { instant, stamp: *at });
    }

    /// Whether one that was done at this time is less than a period ago. If the time is unknown, since a clock was wrong, it is not.
    pub(super) fn is_recent(&self, at: &Stamp, now: &Moment) -> bool {
        at.until(&now.stamp).is_some_and(|ago| ago < self.every.period)
    }

    /// When the last one was, in seconds since 1970.
    pub(super) fn last(&self) -> Option<u64> {
        self.last.map(|last| last.stamp.at)
    }
}

/// The time between two moments. The clock of this process stands still while the system sleeps; stamps are whole seconds and can be wrong.
fn passed(since: &Moment, now: &Moment) -> Duration {
    let by_process = now.instant.saturating_duration_since(since.instant);
    let by_system = since.stamp.until(&now.stamp).unwrap_or_default();
    by_process.max(by_system.saturating_sub(Duration::from_secs(1)))
}

#[cfg(test)]
mod tests;
