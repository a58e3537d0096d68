//! The data that a client keeps on disk: the waiting events, the counted ones, and the pause that all processes obey.

mod counts;
mod examine;
mod problem;
mod rest;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(in crate::delivery) use self::counts::ForCounts;
pub use self::problem::Problem;
use self::rest::RestFile;
use super::counted::Counted;
use super::retry::Rest;
use super::spool::{self, Recovered, Spool, SpoolKey, StoredEvent, Survey, Tally};
use super::waiting::Waiting;
use crate::clock::Clock;
use crate::consent::LiveConsent;
use crate::storage::StateDirectory;

/// The data that a client keeps on disk. It is opened when there is something to keep.
pub(crate) struct Journal {
    place: Option<Place>,
    clock: Clock,
    counted: Counted,
    /// Whether it has been looked after events that earlier processes left behind.
    has_looked: AtomicBool,
    open: Mutex<Open>,
}

/// Where the journal lies, and what its lines are bound to.
pub(crate) struct Place {
    pub(crate) state: Option<StateDirectory>,
    pub(crate) application: &'static str,
    pub(crate) destination: String,
}

#[derive(Default)]
struct Open {
    spool: Option<Spool>,
    rest: RestFile,
    /// Found while opening the spool, and not handed to the worker yet.
    found: Vec<StoredEvent>,
    tally: Tally,
    problem: Option<Problem>,
    /// Why the last event that was sent could not be recorded.
    unrecorded: Option<Problem>,
    /// The file was deleted or replaced, so its events are no longer on disk.
    is_gone: bool,
    /// Another process has taken the file, so it sends the events in it.
    is_taken: bool,
    /// Nothing more is written.
    ended: bool,
}

/// A waiting event, and the form in which it is stored.
pub(super) type ToKeep<'a> = (&'a Waiting, StoredEvent);

impl Journal {
    /// A journal at a place, or one that stores nothing.
    pub(crate) fn new(place: Option<Place>) -> Self {
        Self {
            place,
            clock: Clock::default(),
            counted: Counted::default(),
            has_looked: AtomicBool::new(false),
            open: Mutex::default(),
        }
    }

    /// Stores waiting events, with one write.
    pub(super) fn keep(&self, events: &[ToKeep<'_>], consent: &LiveConsent) {
        let Some(place) = &self.place else { return };
        let mut open = self.lock();
        // No process would remove a settled event from the disk again.
        let rest = events.iter().filter(|(waiting, _)| !waiting.is_stored() && !waiting.is_settled());
        let (waiting, events): (Vec<&Waiting>, Vec<&StoredEvent>) =
            rest.map(|(waiting, event)| (*waiting, event)).unzip();
        let kept = open.write(place, &events, consent, &self.clock);
        for waiting in waiting.iter().take(kept) {
            waiting.set_stored(true);
        }
    }

    /// Whether the file was deleted or replaced since the last call, so that its events must be written again.
    pub(super) fn take_gone(&self) -> bool {
        std::mem::take(&mut self.lock().is_gone)
    }

    /// Whether another process has taken the events on disk since the last call. Where files cannot be locked, a process has to come back to
    /// its file in time.
    pub(super) fn take_taken(&self) -> bool {
        let mut open = self.lock();
        if open.spool.as_ref().is_some_and(Spool::is_lost) {
            (open.spool, open.is_taken) = (None, true);
        }
        std::mem::take(&mut open.is_taken)
    }

    /// Stores an event for other processes, which can take it from now on. Reads no event that is already there.
    #[cfg(feature = "http")]
    pub(super) fn leave(&self, waiting: &Waiting, event: &StoredEvent, consent: &LiveConsent) -> bool {
        let Some(place) = &self.place else { return false };
        let mut open = self.lock();
        let left = if open.ended { Err(Problem::NotPermitted) } else { place.leave(event, consent) };
        open.problem = left.err();
        waiting.set_stored(left.is_ok());
        if left.is_ok() {
            // From now on it belongs to whoever finds it, which may be this process.
            waiting.set_settled();
        }
        left.is_ok()
    }

    /// The events, each with its id, do not need to be sent any more.
    pub(super) fn done(&self, events: &[(&Waiting, &str)]) {
        events.iter().for_each(|(waiting, _)| waiting.set_settled());
        let mut open = self.lock();
        let Some(spool) = &mut open.spool else { return };
        match spool.done(events.iter().map(|(_, id)| *id)) {
            // The file was deleted or taken, which is found out before it is used again.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => open.problem = Some(error.into()),
            Ok(()) => {}
        }
    }

    /// Takes the events that earlier processes left behind.
    pub(super) fn recover(&self, consent: &LiveConsent) -> Vec<StoredEvent> {
        let Some(place) = &self.place else { return Vec::new() };
        let mut open = self.lock();
        if !open.ended {
            open.recover(place, consent, &self.clock);
        }
        std::mem::take(&mut open.found)
    }

    /// Whether earlier processes have left events, if this is the first time that it is asked.
    pub(super) fn finds_events(&self) -> bool {
        let holds_events =
            |state: &StateDirectory| state.names(spool::PREFIX).iter().any(|name| state.length(name) > 0);
        !self.has_looked.swap(true, Ordering::Relaxed) && self.state().is_some_and(holds_events)
    }

    /// Takes the events that were found while others were being stored.
    pub(super) fn found_on_the_way(&self) -> Vec<StoredEvent> {
        std::mem::take(&mut self.lock().found)
    }

    /// The pause that this process or another one has left.
    pub(super) fn rest(&self) -> Option<Rest> {
        let place = self.place.as_ref()?;
        let mut open = self.lock();
        open.rest.read(place)
    }

    /// Leaves a pause for all processes, or marks it as over.
    pub(super) fn set_rest(&self, rest: Option<&Rest>, consent: &LiveConsent) {
        let Some(place) = &self.place else { return };
        let mut open = self.lock();
        // Data that was deleted when the user said no must not come back, even if the user says no at this very moment.
        let may_write = !open.ended && consent.holds();
        match rest {
            Some(rest) if may_write => open.rest.write(place, rest, consent),
            // A pause of another process holds, but one that is over must not stay, even if what was learned about batches goes with it.
            Some(rest) if rest.is_pause() => {}
            _ => open.rest.delete(place),
        }
    }

    /// Releases the file to other processes, writes nothing more, and deletes the file if it is empty.
    pub(super) fn release(&self) {
        let mut open = self.lock();
        open.ended = true;
        if let Some(spool) = open.spool.take() {
            spool.close();
        }
    }

    /// Lets go of the file in a forked child; the parent keeps using it. Never waits for a lock that was held at the time of the fork.
    pub(crate) fn abandon(&self) {
        self.counted.abandon();
        if let Ok(mut open) = self.open.try_lock() {
            open.ended = true;
            if let Some(spool) = open.spool.take() {
                spool.abandon();
            }
        }
    }

    /// Deletes everything that was stored: the user has said no.
    pub(super) fn erase(&self, consent: &LiveConsent) {
        self.release();
        if let Some(state) = self.state() {
            consent.erase_if_withdrawn(state);
        }
    }

    pub(super) const fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    pub(super) const fn is_for_nothing(&self) -> bool {
        self.place.is_none()
    }

    pub(super) fn state(&self) -> Option<&StateDirectory> {
        self.place.as_ref()?.state.as_ref()
    }

    pub(super) fn found(&self) -> (Tally, Option<Problem>) {
        let open = self.lock();
        (open.tally, open.problem)
    }

    /// The events on disk now, of all processes.
    pub(crate) fn survey(&self) -> Option<Survey> {
        let place = self.place.as_ref()?;
        let state = place.state.as_ref()?;
        let key = state.read_salt().ok().map(|salt| SpoolKey::new(&salt, place.application, &place.destination));
        Some(spool::survey(state, key.as_ref(), &self.clock.stamp()))
    }

    /// The pause on disk, for a client that does not send.
    pub(crate) fn survey_rest(&self) -> Option<Rest> {
        RestFile::default().read(self.place.as_ref()?)
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Creates the salt if nothing has been kept yet.
    pub(super) fn key(&self) -> Result<(&StateDirectory, SpoolKey), Problem> {
        let state = self.state.as_ref().ok_or(Problem::NoDirectory)?;
        let salt = state.salt().map_err(|error| self.examine().err().unwrap_or_else(|| error.into()))?;
        Ok((state, SpoolKey::new(&salt, self.application, &self.destination)))
    }

    #[cfg(feature = "http")]
    fn leave(&self, event: &StoredEvent, consent: &LiveConsent) -> Result<(), Problem> {
        if !consent.holds() {
            return Err(Problem::NotPermitted);
        }
        let (state, key) = self.key()?;
        spool::leave(state, &key, event)?;
        erase_if_withdrawn(state, consent)
    }

    /// The key, if a salt exists already.
    fn known_key(&self) -> Option<(&StateDirectory, SpoolKey)> {
        let state = self.state.as_ref()?;
        let salt = state.read_salt().ok()?;
        Some((state, SpoolKey::new(&salt, self.application, &self.destination)))
    }
}

impl Open {
    /// Writes events, and returns how many were written, counted from the first.
    fn write(&mut self, place: &Place, events: &[&StoredEvent], consent: &LiveConsent, clock: &Clock) -> usize {
        if self.ended || events.is_empty() {
            return 0;
        }
        let mut written = self.append(place, events, consent, clock);
        if let Err(Failed::Gone) = written {
            if self.spool.take().is_some_and(|spool| spool.is_lost()) {
                self.is_taken = true;
                return 0;
            }
            // Events written to the deleted file would never be found. Write them to another file instead.
            self.is_gone = true;
            written = self.append(place, events, consent, clock);
        }
        self.problem = match &written {
            Ok(count) if *count == events.len() => None,
            Ok(_) => Some(Problem::Full),
            Err(Failed::Gone) => Some(Problem::Other),
            Err(Failed::For(problem)) => Some(*problem),
        };
        written.unwrap_or(0)
    }

    fn append(
        &mut self,
        place: &Place,
        events: &[&StoredEvent],
        consent: &LiveConsent,
        clock: &Clock,
    ) -> Result<usize, Failed> {
        let spool = self.spool(place, consent, clock).map_err(Failed::For)?;
        spool.append(events).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Failed::Gone,
            _ => Failed::For(error.into()),
        })
    }

    fn spool(&mut self, place: &Place, consent: &LiveConsent, clock: &Clock) -> Result<&mut Spool, Problem> {
        if self.spool.is_none() {
            // Data that was deleted when the user said no must not come back, even if the user says no at this very moment.
            if !consent.holds() {
                return Err(Problem::NotPermitted);
            }
            let (state, key) = place.key()?;
            let (spool, recovered) = Spool::open(state, &key, &clock.stamp())?;
            erase_if_withdrawn(state, consent)?;
            self.spool = Some(spool);
            self.add(recovered);
        }
        self.spool.as_mut().ok_or(Problem::Other)
    }

    /// Creates nothing on disk when there is nothing to take.
    fn recover(&mut self, place: &Place, consent: &LiveConsent, clock: &Clock) {
        let has_files = |state: &StateDirectory| !state.names(spool::PREFIX).is_empty();
        if !place.state.as_ref().is_some_and(has_files) || !consent.holds() {
            return;
        }
        let Some((state, key)) = place.known_key() else { return };
        let now = clock.stamp();
        if self.spool.is_none()
            && let Some((spool, recovered)) = Spool::take_over(state, &key, &now)
        {
            self.spool = Some(spool);
            self.add(recovered);
        }
        if let Some(spool) = &mut self.spool {
            let recovered = spool.adopt(&now);
            self.add(recovered);
        }
    }

    fn add(&mut self, recovered: Recovered) {
        self.found.extend(recovered.events);
        self.tally += recovered.tally;
    }
}

fn erase_if_withdrawn(state: &StateDirectory, consent: &LiveConsent) -> Result<(), Problem> {
    if consent.erase_if_withdrawn(state) { Err(Problem::NotPermitted) } else { Ok(()) }
}

/// Why events could not be written.
enum Failed {
    /// The file was deleted or replaced.
    Gone,
    For(Problem),
}

#[cfg(test)]
mod tests;
