//! How many events are sent at once. The answers of the receiver decide it.
//!
//! A receiver, or a proxy before it, may take single events and fail at batches, or at large ones. Its answer to a batch says too little: the
//! same answer may mean that it takes nothing at all. So it is compared with what becomes of the smaller requests that follow.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use telemetry_spec::batch::{BYTES, LINES};

use super::retry::{TIME_TO_FORGET, left_of_limit, left_of_memory, time_of_limit, whole_seconds};
use crate::clock::{Moment, Stamp};

/// How many events are sent at once, and what is known of the receiver.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Batching {
    /// One after a failure, then twice as many after each success. So an event at which a receiver fails holds up the others no longer than if
    /// each were sent alone.
    lines: usize,
    limit: Option<Limit>,
    failures: Failures,
    /// When the failures are forgotten.
    until: Option<Instant>,
    /// Batches were refused, and no event has been sent alone since. The receiver may refuse everything.
    is_unproven: bool,
    has_changed: bool,
}

/// The failures at batches that still count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Failures {
    /// How many limits were set without a batch that went through after one.
    #[serde(default)]
    rounds: u32,
    /// A batch failed, and the largest request that went through since had so many bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since_failure: Option<usize>,
}

/// How many events are sent at once at first. The next program sends again what a short program has sent without getting the answer: at
/// most so many events more than it has delivered.
const FIRST: usize = 16;

/// How many bytes are sent at once for a time. Below two events, each is sent alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limit {
    bytes: usize,
    until: Instant,
}

/// The most that is sent at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Most {
    pub(super) lines: usize,
    /// Of all bodies together.
    pub(super) bytes: usize,
}

/// The size of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    /// Of all bodies together. That of a single event is 1: it says nothing of batches.
    bytes: usize,
    lines: usize,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Each event has an outcome.
    Complete,
    /// Some events have an outcome, and the others are to be sent again.
    Partial,
    /// All events are to be sent again.
    Failure,
    /// The receiver does not take so much at once.
    TooLarge,
    /// The receiver does not answer as one that takes batches.
    NoBatches,
}

/// What other processes are told, as stored beside the pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lesson {
    #[serde(flatten)]
    since: Stamp,
    /// The limit holds for so many seconds.
    seconds: u64,
    bytes: usize,
    #[serde(flatten)]
    failures: Failures,
    /// The failures count for so many seconds.
    #[serde(default)]
    memory: u64,
}

impl Most {
    pub(super) const ONE: Self = Self { lines: 1, bytes: BYTES };
}

impl Size {
    pub(super) fn of(lengths: impl Iterator<Item = usize>) -> Self {
        let (lines, bytes) = lengths.fold((0, 0), |(lines, bytes), length| (lines + 1, bytes + length));
        Self { bytes: if lines > 1 { bytes } else { 1 }, lines }
    }

    const fn is_batch(self) -> bool {
        self.lines > 1
    }
}

impl Batching {
    pub(super) const fn new() -> Self {
        let failures = Failures { rounds: 0, since_failure: None };
        Self { lines: FIRST, limit: None, failures, until: None, is_unproven: false, has_changed: false }
    }

    /// The most that is sent at once now.
    pub(super) fn most(&mut self, now: Instant) -> Most {
        if self.limit.is_some_and(|limit| limit.until <= now) {
            (self.limit, self.is_unproven) = (None, false);
        }
        if self.until.is_some_and(|until| until <= now) {
            self.has_changed |= self.failures != Failures::default();
            (self.failures, self.until) = (Failures::default(), None);
        }
        Most { lines: self.lines, bytes: self.limit.map_or(BYTES, |limit| limit.bytes) }
    }

    /// The next event is sent alone.
    pub(super) const fn one_by_one(&mut self) {
        self.lines = 1;
    }

    /// Learns from the answer to a request.
    pub(super) fn learn(&mut self, size: Size, answer: Answer, now: Instant) {
        match answer {
            Answer::Complete => {
                self.goes_through(size);
                if self.lines == LINES && size.is_batch() {
                    // So many requests in a row went through: what failed before was no fault of batches.
                    self.set_since_failure(None);
                }
                self.lines = if self.takes_batches() { (2 * self.lines).min(LINES) } else { 1 };
            }
            Answer::Partial => {
                self.goes_through(size);
                self.lines = 1;
            }
            Answer::Failure => {
                self.lines = 1;
                if self.is_unproven {
                    // It fails at single events, too.
                    (self.limit, self.is_unproven, self.has_changed) = (None, false, true);
                    self.failures.rounds = self.failures.rounds.saturating_sub(1);
                } else if size.is_batch() {
                    self.fails(size, now);
                }
            }
            Answer::TooLarge => self.limit(if size.lines > 2 { size.bytes / 2 } else { 0 }, now),
            Answer::NoBatches => {
                self.limit(0, now);
                self.is_unproven = true;
            }
        }
    }

    fn goes_through(&mut self, size: Size) {
        self.is_unproven = false;
        if let Some(before) = self.failures.since_failure {
            self.set_since_failure(Some(before.max(size.bytes)));
        }
        if size.is_batch() && self.limit.is_none() && self.failures.rounds > 0 {
            (self.failures.rounds, self.has_changed) = (0, true);
        }
    }

    /// One failure may be that of the whole receiver. If a smaller request went through after it, and then a batch fails again, single events
    /// would wait for nothing.
    fn fails(&mut self, size: Size, now: Instant) {
        self.remember(now);
        match self.failures.since_failure {
            // After a failure one event is sent alone, so something went through before another batch.
            Some(largest) if size.bytes > largest => {
                self.set_since_failure(None);
                self.limit(if size.lines > 2 { size.bytes / 2 } else { 0 }, now);
            }
            _ => self.set_since_failure(Some(0)),
        }
    }

    /// Sends no more than so many bytes at once, until the time of the limit is over that holds already, or of a new one.
    fn limit(&mut self, bytes: usize, now: Instant) {
        let limit = self.limit.unwrap_or_else(|| {
            self.failures.rounds = self.failures.rounds.saturating_add(1);
            Limit { bytes: BYTES, until: now.checked_add(time_of_limit(self.failures.rounds)).unwrap_or(now) }
        });
        self.remember(limit.until);
        // It shrinks in any case, since nothing pauses before the next attempt.
        self.limit = Some(Limit { bytes: bytes.min(limit.bytes / 2), ..limit });
        self.has_changed = true;
        if !self.takes_batches() {
            self.lines = 1;
        }
    }

    /// A failure long ago says nothing of the receiver as it is. While a limit holds, no batch can show that it takes them again.
    fn remember(&mut self, from: Instant) {
        self.until = self.until.max(from.checked_add(TIME_TO_FORGET));
    }

    fn takes_batches(&self) -> bool {
        self.limit.is_none_or(|limit| limit.bytes > 0)
    }

    fn set_since_failure(&mut self, bytes: Option<usize>) {
        // Other processes do not have to know how much it was.
        let what = |bytes: Option<usize>| bytes.map(|bytes| bytes > 0);
        self.has_changed |= what(self.failures.since_failure) != what(bytes);
        self.failures.since_failure = bytes;
    }

    /// Whether other processes should be told, because something has changed since the last call.
    pub(super) const fn take_changed(&mut self) -> bool {
        std::mem::replace(&mut self.has_changed, false)
    }

    /// What other processes should know, if anything.
    pub(super) fn lesson(&self, now: &Moment) -> Option<Lesson> {
        let left = |until: Instant| whole_seconds(until.saturating_duration_since(now.instant));
        (self.failures != Failures::default()).then(|| Lesson {
            since: now.stamp,
            seconds: self.limit.map_or(0, |limit| left(limit.until)),
            bytes: self.limit.map_or(BYTES, |limit| limit.bytes),
            failures: self.failures,
            memory: self.until.map_or(0, left),
        })
    }

    /// What another process has learned.
    pub(super) fn after(lesson: &Lesson, now: &Moment) -> Self {
        let at = |left: Option<Duration>| left.and_then(|left| now.instant.checked_add(left));
        let until = at(left_of_memory(&lesson.since, lesson.memory, &now.stamp));
        // What is forgotten must not stay on disk.
        let failures = until.map(|_| lesson.failures).unwrap_or_default();
        let has_changed = until.is_none();
        let limit = at(left_of_limit(&lesson.since, lesson.seconds, &now.stamp));
        let limit = limit.map(|until| Limit { bytes: lesson.bytes.min(BYTES), until });
        let mut batching = Self { limit, failures, until, has_changed, ..Self::new() };
        if failures.since_failure.is_some() || !batching.takes_batches() {
            batching.lines = 1;
        }
        batching
    }
}

#[cfg(test)]
mod tests;
