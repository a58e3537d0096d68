//! Decides all times: the wait after a failure, the pause that a receiver may ask for, the age limit of an event, whether there is time for
//! another request, and when an uploader process is started. Other modules only ask.

#[cfg(test)]
mod storm;
#[cfg(test)]
mod tests;
#[cfg(feature = "http")]
pub(super) mod upload;

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::batching::Lesson;
use crate::clock::{DAY, Moment, Stamp};
use crate::sink::{Obstacle, SendError};
use crate::storage::paths;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(60 * 60);

/// How long an event may stay on disk.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(paths::SPOOL_DAYS * DAY.as_secs());

/// The longest pause that a receiver is given, however long it asks for, and the longest that grows with failures.
const MAX_ASKED: Duration = HOUR;

/// The longest pause. Half as long again as was asked for, so that those who were all asked until the same moment do not all come at it.
const MAX_PAUSE: Duration = Duration::from_secs(90 * 60);

/// Why nothing is sent for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The receiver could not be reached, or failed.
    Temporary,
    /// The receiver asked for a pause.
    Asked(Duration),
    /// Nothing has failed: another request goes first, for so long at most. It is not counted.
    Behind(Duration),
    /// The receiver takes nothing until a person fixes the cause, for example a wrong token.
    NotNow,
}

impl Failure {
    /// `None` if the sink will never take the event.
    pub(super) const fn of(error: SendError) -> Option<Self> {
        match error {
            SendError::Retry => Some(Self::Temporary),
            SendError::RetryAfter(pause) => Some(Self::Asked(pause)),
            SendError::NotNow => Some(Self::NotNow),
            SendError::Refused | SendError::Unsendable => None,
        }
    }

    /// The first and the longest pause. Each pause is twice as long as the one before.
    const fn bounds(self) -> (Duration, Duration) {
        match self {
            Self::Temporary | Self::Asked(_) | Self::Behind(_) => (SECOND, MAX_ASKED),
            Self::NotNow => (MINUTE, MAX_ASKED),
        }
    }

    /// At least how long to wait.
    fn asked(self, chance: f64) -> Duration {
        match self {
            Self::Asked(pause) => {
                let pause = pause.min(MAX_ASKED);
                pause + (pause / 2).mul_f64(chance)
            }
            Self::Temporary | Self::Behind(_) | Self::NotNow => Duration::ZERO,
        }
    }

    /// How long to wait after this many failures in a row. `chance`, from 0 to 1, keeps processes from retrying at the same time.
    fn pause(self, failures: u32, chance: f64) -> Duration {
        if let Self::Behind(pause) = self {
            return pause.min(MAX_ASKED);
        }
        let chance = chance.clamp(0.0, 1.0);
        let (first, longest) = self.bounds();
        let doublings = failures.saturating_sub(1).min(16);
        let most = first.saturating_mul(1 << doublings).min(longest);
        let pause = most / 2 + (most / 2).mul_f64(chance);
        pause.max(self.asked(chance))
    }
}

/// The consecutive failures of one event or of a receiver, and the resulting pause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Backoff {
    failures: u32,
    until: Option<Instant>,
}

impl Backoff {
    pub(super) const fn new() -> Self {
        Self { failures: 0, until: None }
    }

    /// Counts a failure, if it is one, and returns how long to wait.
    pub(super) fn fail(&mut self, failure: Failure, now: Instant) -> Duration {
        self.fail_by(failure, now, chance())
    }

    fn fail_by(&mut self, failure: Failure, now: Instant, chance: f64) -> Duration {
        if !matches!(failure, Failure::Behind(_)) {
            self.failures = self.failures.saturating_add(1);
        }
        let pause = failure.pause(self.failures, chance);
        self.until = now.checked_add(pause);
        pause
    }

    pub(super) const fn succeed(&mut self) {
        *self = Self::new();
    }

    /// Whether it has been put off, by a failure or behind another request.
    pub(super) const fn has_failed(&self) -> bool {
        self.until.is_some()
    }

    /// The rest of the pause, if it is not over.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        self.until.and_then(|until| until.checked_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// Whether the pause lasts beyond a deadline.
    #[cfg(any(test, feature = "http"))]
    pub(super) fn outlasts(&self, deadline: Option<Instant>) -> bool {
        self.until.zip(deadline).is_some_and(|(until, deadline)| until > deadline)
    }

    /// The pause to leave for other processes, after this event failed for this reason.
    pub(super) fn rest(&self, now: &Moment, event: &str, obstacle: Option<Obstacle>) -> Option<Rest> {
        let seconds = whole_seconds(self.left(now.instant)?);
        let event = event.to_owned();
        Some(Rest { since: now.stamp, seconds, failures: self.failures, event, obstacle, batches: None })
    }

    /// Obeys a pause that another process left, and returns whether there is one now.
    pub(super) fn obey(&mut self, rest: &Rest, now: &Moment) -> bool {
        // A sequence of short-lived programs waits as long as one long-lived program.
        self.failures = self.failures.max(rest.failures);
        if let Some(left) = rest.left(&now.stamp) {
            self.until = self.until.max(now.instant.checked_add(left));
        }
        self.left(now.instant).is_some()
    }
}

/// A pause that all processes obey, as stored next to the spool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rest {
    #[serde(flatten)]
    since: Stamp,
    seconds: u64,
    failures: u32,
    /// The id of the event that failed. The other events go first when the pause is over.
    pub(super) event: String,
    pub(super) obstacle: Option<Obstacle>,
    /// What is known of batches. It stays when the pause is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) batches: Option<Lesson>,
}

impl Rest {
    /// Tells others of batches only.
    pub(super) const fn without_pause(now: &Moment) -> Self {
        Self { since: now.stamp, seconds: 0, failures: 0, event: String::new(), obstacle: None, batches: None }
    }

    pub(super) fn with_batches(self, batches: Option<Lesson>) -> Self {
        Self { batches, ..self }
    }

    /// Whether there is a pause, which may be over.
    pub(super) const fn is_pause(&self) -> bool {
        self.failures > 0
    }

    /// The rest of the pause.
    pub(super) fn left(&self, now: &Stamp) -> Option<Duration> {
        left_of(&self.since, self.seconds, now)
    }
}

/// The pause after a request for deletion has failed so often.
#[cfg(any(test, feature = "http"))]
pub(super) fn pause(failure: Failure, failures: u32) -> Duration {
    failure.pause(failures, chance())
}

/// The rest of a pause of so many seconds. A pause whose start is unknown is over: it must not last forever.
pub(super) fn left_of(since: &Stamp, seconds: u64, now: &Stamp) -> Option<Duration> {
    left_within(MAX_PAUSE, since, seconds, now)
}

/// Stamps are whole seconds, so between two of them up to a second less may have passed than they say. No pause is cut short by that.
fn left_within(most: Duration, since: &Stamp, seconds: u64, now: &Stamp) -> Option<Duration> {
    let passed = since.until(now)?.saturating_sub(SECOND);
    let left = Duration::from_secs(seconds).min(most).checked_sub(passed)?;
    Some(left).filter(|left| !left.is_zero())
}

/// The time in whole seconds, rounded up, as it is stored.
pub(super) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0))
}

/// The longest time for which batches are limited.
const MAX_LIMIT: Duration = DAY;

/// How long batches are limited, after so many limits in a row: an hour, then twice as long each time.
pub(super) fn time_of_limit(rounds: u32) -> Duration {
    HOUR.saturating_mul(1 << rounds.saturating_sub(1).min(16)).min(MAX_LIMIT)
}

/// How long failures at batches count, after the last one or after the end of the limit that it has set.
pub(super) const TIME_TO_FORGET: Duration = MAX_LIMIT;

/// The rest of the time until failures at batches are forgotten.
pub(super) fn left_of_memory(since: &Stamp, seconds: u64, now: &Stamp) -> Option<Duration> {
    left_within(MAX_LIMIT + TIME_TO_FORGET, since, seconds, now)
}

/// The rest of the time for which batches are limited.
pub(super) fn left_of_limit(since: &Stamp, seconds: u64, now: &Stamp) -> Option<Duration> {
    left_within(MAX_LIMIT, since, seconds, now)
}

/// How long a request for deletion belongs to the process that sends it: longer than any request takes.
#[cfg(any(test, feature = "http"))]
pub(super) const TIME_TO_DELETE: Duration = Duration::from_secs(20);

/// How long a command waits for the answer to a request for deletion.
#[cfg(feature = "http")]
pub(crate) const PATIENCE_TO_DELETE: Duration = Duration::from_secs(2);

/// What is known about the age of an event on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    Waits,
    Expired,
    /// A clock was wrong when the event was written, or is wrong now. Its age starts again at zero, so that it is neither lost nor kept forever.
    Unknown,
}

pub(super) fn age(written: &Stamp, now: &Stamp) -> Age {
    match written.until(now) {
        Some(age) if age > MAX_AGE => Age::Expired,
        Some(_) => Age::Waits,
        None => Age::Unknown,
    }
}

/// How long ago an event was published, as far as known, and at most seven days.
pub(super) fn time_since(published: &Stamp, now: &Stamp) -> Duration {
    published.until(now).unwrap_or_default().min(MAX_AGE)
}

/// Whether there is time for another request before a deadline, given how long the last ones took. An interrupted request is sent again, so
/// it is better left to the next process than started too late.
pub(super) fn has_time(left: Duration, usual: Option<Duration>) -> bool {
    left > MARGIN + usual.map_or(Duration::ZERO, |usual| usual * 2)
}

/// Extra time that a request may take on a busy machine.
const MARGIN: Duration = Duration::from_millis(10);

/// The usual time of one request; recent requests weigh more.
pub(super) fn usual(before: Option<Duration>, last: Duration) -> Duration {
    before.map_or(last, |before| (before + last) / 2)
}

/// How long the end of a client may keep sending events of earlier processes, once its own events are gone.
pub(super) const TIME_TO_DRAIN: Duration = Duration::from_millis(50);

/// How long the end of a client waits at most until events on their way are on disk. Storing them is one write of a few milliseconds,
/// unless the disk does not respond.
pub(super) const TIME_TO_STORE: Duration = Duration::from_millis(200);

/// When the end of a client starts writing to disk the events that are still on their way.
pub(super) fn store_after(timeout: Duration) -> Duration {
    timeout / 5
}

/// How long to wait with what many installations do at the same time: at most an hour.
pub(super) fn spread() -> Duration {
    HOUR.mul_f64(chance())
}

/// A random number from 0 to 1; without randomness, the middle.
pub(super) fn chance() -> f64 {
    let mut random = [0; 2];
    getrandom::fill(&mut random).map_or(0.5, |()| f64::from(u16::from_le_bytes(random)) / f64::from(u16::MAX))
}
