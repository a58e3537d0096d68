//! Events that a program publishes by itself, on the worker thread.

mod last;
mod schedule;

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

/// How long to wait for another process that is about to publish the same one.
const LATER: Duration = Duration::from_secs(60);

/// The worker looks no later than this, since its own clock stands still while the system sleeps.
const LONGEST: Duration = HOUR;

/// Makes an event and publishes it.
pub(crate) type Beat = Box<dyn FnMut(&Arc<Pipeline>) + Send>;

/// The heartbeats of a client.
#[derive(Default)]
pub(crate) struct Heartbeats {
    all: Mutex<Vec<Heartbeat>>,
    clock: Clock,
}

struct Heartbeat {
    /// The event's name.
    name: &'static str,
    every: Every,
    schedule: Schedule,
    /// Another process is about to publish it: look again at this time.
    later: Option<Instant>,
    /// Taken while it runs, so that it can ask for another one.
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
        self.lock().push(Heartbeat { name, every, schedule, later: None, beat: Some(beat) });
    }

    /// Runs those that are due.
    pub(super) fn run(&self, pipeline: &Arc<Pipeline>, place: Option<&Place>, consent: &LiveConsent) {
        let mut at = 0;
        while let Some(mut beat) = self.take_due(&mut at, place, consent) {
            // Without the lock: it is the host's code.
            beat(pipeline);
            if let Some(heartbeat) = self.lock().get_mut(at) {
                heartbeat.beat = Some(beat);
            }
            at += 1;
        }
    }

    /// The function of the next one that is due, from this index on.
    fn take_due(&self, at: &mut usize, place: Option<&Place>, consent: &LiveConsent) -> Option<Beat> {
        let mut all = self.lock();
        while let Some(heartbeat) = all.get_mut(*at) {
            let now = self.clock.now();
            if heartbeat.left(&now).is_zero() && heartbeat.claim(place, &now, consent) {
                return heartbeat.beat.take();
            }
            *at += 1;
        }
        None
    }

    /// When the worker looks next, if there are any.
    pub(super) fn next(&self) -> Option<Instant> {
        let now = self.clock.now();
        let left = self.lock().iter().map(|heartbeat| heartbeat.left(&now)).min()?;
        now.instant.checked_add(left.min(LONGEST))
    }

    /// Runs no more, and drops what their functions hold.
    pub(super) fn end(&self) {
        let ended = std::mem::take(&mut *self.lock());
        crate::panics::discard(ended);
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

    /// Whether it is this process's turn.
    fn claim(&mut self, place: Option<&Place>, now: &Moment, consent: &LiveConsent) -> bool {
        let place = place.filter(|_| self.every.is_once_an_install());
        let claim = place.map_or(Claim::Granted, |place| {
            last::claim(place, self.name, now, consent, |at| self.schedule.is_recent(at, now))
        });
        self.later = None;
        match claim {
            Claim::Granted => self.schedule.done(now),
            Claim::Taken(at) => self.schedule.done_by_others(&at, now),
            Claim::Later => self.later = now.instant.checked_add(LATER),
        }
        claim == Claim::Granted
    }
}

#[cfg(test)]
mod tests;
