//! Events that a program publishes by itself, on the worker thread.

mod last;
mod schedule;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use self::last::Claim;
pub use self::schedule::Every;
use self::schedule::Schedule;
use super::journal::Place;
use super::pipeline::Pipeline;
use super::retry::{HOUR, chance};
use crate::clock::{Clock, Moment};
use crate::consent::LiveConsent;
use crate::panics::discard;

/// How long to wait for another process that is about to publish the same one.
const LATER: Duration = Duration::from_secs(60);

/// The worker looks no later than this, since its own clock stands still while the system sleeps.
const LONGEST: Duration = HOUR;

/// What a heartbeat does.
pub(crate) struct Beat {
    /// Whether the user has agreed to this event.
    pub(crate) is_covered: fn(&LiveConsent) -> bool,
    /// Makes an event and publishes it.
    pub(crate) publish: Box<Publish>,
}

pub(crate) type Publish = dyn FnMut(&Arc<Pipeline>) + Send;

/// The heartbeats of a client.
#[derive(Default)]
pub(crate) struct Heartbeats {
    all: Mutex<Vec<Heartbeat>>,
    /// No more are taken.
    ended: AtomicBool,
    clock: Clock,
}

struct Heartbeat {
    /// The event's name.
    name: &'static str,
    every: Every,
    schedule: Schedule,
    /// Another process is about to publish it: look again at this time.
    later: Option<Instant>,
    /// Taken while it runs, without the lock.
    beat: Option<Beat>,
}

/// What is known of a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeartbeatSurvey {
    pub(crate) event: &'static str,
    /// How long until it is due.
    pub(crate) left: Duration,
    /// When the last one was, in seconds since 1970.
    pub(crate) last: Option<u64>,
}

impl Heartbeats {
    pub(super) fn add(&self, name: &'static str, every: Every, beat: Beat) {
        let schedule = Schedule::new(every, self.clock.now(), chance());
        let heartbeat = Heartbeat { name, every, schedule, later: None, beat: Some(beat) };
        if self.ended.load(Ordering::Relaxed) {
            return discard(heartbeat);
        }
        self.lock().push(heartbeat);
    }

    /// Runs those that are due.
    pub(super) fn run(&self, pipeline: &Arc<Pipeline>, place: Option<&Place>, consent: &LiveConsent) {
        let mut at = 0;
        while let Some(mut due) = self.take_due(&mut at) {
            // Without the lock: files are read, and the function is the host's code.
            if due.claim(self.clock.now(), place, consent) {
                (due.beat.publish)(pipeline);
            }
            self.give_back(at, due);
            at += 1;
        }
    }

    /// The next one that is due, from this index on.
    fn take_due(&self, at: &mut usize) -> Option<Due> {
        let now = self.clock.now();
        let mut all = self.lock();
        while let Some(heartbeat) = all.get_mut(*at) {
            let Heartbeat { name, every, schedule, .. } = *heartbeat;
            if heartbeat.left(&now).is_zero()
                && let Some(beat) = heartbeat.beat.take()
            {
                return Some(Due { name, every, schedule, later: None, beat });
            }
            *at += 1;
        }
        None
    }

    fn give_back(&self, at: usize, due: Due) {
        let Due { schedule, later, beat, .. } = due;
        let mut all = self.lock();
        match all.get_mut(at) {
            Some(heartbeat) => (heartbeat.schedule, heartbeat.later, heartbeat.beat) = (schedule, later, Some(beat)),
            // The client has ended meanwhile.
            None => {
                drop(all);
                discard(beat);
            }
        }
    }

    /// When the worker looks next, if there are any.
    pub(super) fn next(&self) -> Option<Instant> {
        let now = self.clock.now();
        let left = self.lock().iter().map(|heartbeat| heartbeat.left(&now)).min()?;
        now.instant.checked_add(left.min(LONGEST))
    }

    /// Runs no more, and drops what their functions hold.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        let ended = std::mem::take(&mut *self.lock());
        // Each on its own: a second panic while the others are dropped would end the program.
        ended.into_iter().for_each(discard);
    }

    pub(super) fn survey(&self) -> Vec<HeartbeatSurvey> {
        let now = self.clock.now();
        let survey = |heartbeat: &Heartbeat| HeartbeatSurvey {
            event: heartbeat.name,
            left: heartbeat.left(&now),
            last: heartbeat.schedule.last(),
        };
        self.lock().iter().map(survey).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Heartbeat>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heartbeat {
    fn left(&self, now: &Moment) -> Duration {
        let later = self.later.map(|later| later.saturating_duration_since(now.instant));
        self.schedule.left(now).max(later.unwrap_or_default())
    }
}

/// A heartbeat that is due.
struct Due {
    name: &'static str,
    every: Every,
    schedule: Schedule,
    later: Option<Instant>,
    beat: Beat,
}

impl Due {
    /// Whether it is this process's turn. One that the user has not agreed to takes no turn of others.
    fn claim(&mut self, now: Moment, place: Option<&Place>, consent: &LiveConsent) -> bool {
        if !(self.beat.is_covered)(consent) || !consent.holds() {
            self.later = now.instant.checked_add(LATER);
            return false;
        }
        let place = place.filter(|_| self.every.is_once_an_install());
        let claim = place.map_or(Claim::Granted, |place| {
            last::claim(place, self.name, &now, consent, |at| self.schedule.is_recent(at, &now))
        });
        match claim {
            Claim::Granted => self.schedule.done(&now),
            Claim::Taken(at) => self.schedule.done_by_others(&at, &now),
            Claim::Later => self.later = now.instant.checked_add(LATER),
        }
        claim == Claim::Granted
    }
}

#[cfg(test)]
mod tests;
