use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::spool::{self, Key, Recovered, Spool, Stored, Survey, Tally};
use super::waiting::{Waiting, now};
use crate::consent::LiveConsent as Standing;
use crate::storage::StateDirectory as State;

/// What a client keeps on disk, opened when there is something to keep.
pub(crate) struct Journal {
    place: Option<Place>,
    open: Mutex<Open>,
}

/// Where it lies, and what its lines are bound to.
pub(crate) struct Place {
    pub(crate) state: Option<State>,
    pub(crate) application: &'static str,
    pub(crate) destination: String,
}

#[derive(Default)]
struct Open {
    spool: Option<Spool>,
    /// Found on the way, and not handed to the worker yet.
    found: Vec<Stored>,
    tally: Tally,
    problem: Option<Problem>,
    /// Nothing more is written.
    ended: bool,
}

/// Why events cannot be kept on disk. They are then delivered from memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Problem {
    /// The user has no home, so there is no state directory.
    NoDirectory,
    /// The state directory cannot be written, or others can write it too.
    NotPermitted,
    /// 1 MiB or 500 events are waiting.
    Full,
    /// The disk is full.
    DiskFull,
    /// Anything else.
    Other,
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::StorageFull => Self::DiskFull,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::NotADirectory => {
                Self::NotPermitted
            }
            _ => Self::Other,
        }
    }
}

impl Journal {
    /// A journal at a place, or one that keeps nothing.
    pub(crate) fn new(place: Option<Place>) -> Self {
        Self { place, open: Mutex::default() }
    }

    /// Keeps an event that waits, and says whether it is kept, or need not be.
    pub(super) fn keep(&self, waiting: &Waiting, event: &Stored, standing: &Standing) -> bool {
        let Some(place) = &self.place else { return false };
        let mut open = self.lock();
        // Once its fate is known, nobody would take it from the disk again.
        if !waiting.is_stored() && !waiting.is_settled() && open.write(place, event, standing) {
            waiting.set_stored();
        }
        waiting.is_stored() || waiting.is_settled()
    }

    /// Keeps an event for other processes, which can take it from now on.
    #[cfg(feature = "http")]
    pub(super) fn leave(&self, waiting: &Waiting, event: &Stored, standing: &Standing) -> bool {
        let Some(place) = &self.place else { return false };
        let mut open = self.lock();
        if !waiting.is_stored() && open.write(place, event, standing) {
            waiting.set_stored();
        }
        open.found.clear();
        if let Some(spool) = open.spool.take() {
            spool.close();
        }
        waiting.is_stored()
    }

    /// The event needs no more sending.
    pub(super) fn done(&self, waiting: &Waiting, id: &str) {
        waiting.set_settled();
        let mut open = self.lock();
        let Some(spool) = &mut open.spool else { return };
        if let Err(error) = spool.done(id) {
            open.problem = Some(error.into());
        }
        if open.ended {
            open.close_if_empty();
        }
    }

    /// Takes what earlier processes left behind.
    pub(super) fn recover(&self, standing: &Standing) -> Vec<Stored> {
        let Some(place) = &self.place else { return Vec::new() };
        let mut open = self.lock();
        if !open.ended {
            open.recover(place, standing);
        }
        std::mem::take(&mut open.found)
    }

    /// Takes what was found when something had to be kept.
    pub(super) fn found_on_the_way(&self) -> Vec<Stored> {
        std::mem::take(&mut self.lock().found)
    }

    /// Writes nothing more, and deletes the file unless there is something in it.
    pub(super) fn end(&self) {
        let mut open = self.lock();
        open.ended = true;
        open.close_if_empty();
    }

    /// Leaves the file to other processes.
    pub(super) fn release(&self) {
        let mut open = self.lock();
        open.ended = true;
        if let Some(spool) = open.spool.take() {
            spool.close();
        }
    }

    /// Deletes all that was kept: the user has said no.
    pub(super) fn erase(&self) {
        self.release();
        if let Some(state) = self.place.as_ref().and_then(|place| place.state.as_ref()) {
            let _ = state.erase();
        }
    }

    pub(super) const fn is_for_nothing(&self) -> bool {
        self.place.is_none()
    }

    pub(super) fn state(&self) -> Option<&State> {
        self.place.as_ref()?.state.as_ref()
    }

    pub(super) fn found(&self) -> (Tally, Option<Problem>) {
        let open = self.lock();
        (open.tally, open.problem)
    }

    /// What lies on disk now, of all processes.
    pub(crate) fn survey(&self) -> Option<Survey> {
        let place = self.place.as_ref()?;
        let state = place.state.as_ref()?;
        let key = state.read_salt().ok().map(|salt| Key::new(&salt, place.application, &place.destination));
        Some(spool::survey(state, key.as_ref(), now()))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    fn key(&self) -> Result<(&State, Key), Problem> {
        let state = self.state.as_ref().ok_or(Problem::NoDirectory)?;
        let salt = state.salt()?;
        Ok((state, Key::new(&salt, self.application, &self.destination)))
    }
}

impl Open {
    fn write(&mut self, place: &Place, event: &Stored, standing: &Standing) -> bool {
        if self.ended {
            return false;
        }
        let written = self.spool(place, standing).and_then(|spool| Ok(spool.append(event)?));
        self.problem = written.err();
        self.problem.is_none()
    }

    fn spool(&mut self, place: &Place, standing: &Standing) -> Result<&mut Spool, Problem> {
        if self.spool.is_none() {
            // What was deleted when the user said no must not come back, also when they say it in this moment.
            if !standing.holds() {
                return Err(Problem::NotPermitted);
            }
            let (state, key) = place.key()?;
            let (spool, recovered) = Spool::open(state, &key, now())?;
            if standing.is_withdrawn() {
                drop(spool);
                let _ = state.erase();
                return Err(Problem::NotPermitted);
            }
            self.spool = Some(spool);
            self.add(recovered);
        }
        self.spool.as_mut().ok_or(Problem::Other)
    }

    /// Makes nothing on disk when there is nothing to take.
    fn recover(&mut self, place: &Place, standing: &Standing) {
        let Some(state) = place.state.as_ref().filter(|state| !state.names(spool::PREFIX).is_empty()) else { return };
        let Ok(salt) = state.read_salt() else { return };
        if !standing.holds() {
            return;
        }
        let key = Key::new(&salt, place.application, &place.destination);
        if self.spool.is_none()
            && let Some((spool, recovered)) = Spool::take_over(state, &key, now())
        {
            self.spool = Some(spool);
            self.add(recovered);
        }
        if let Some(spool) = &mut self.spool {
            let recovered = spool.adopt(now());
            self.add(recovered);
        }
    }

    fn add(&mut self, recovered: Recovered) {
        self.found.extend(recovered.events);
        self.tally += recovered.tally;
    }

    fn close_if_empty(&mut self) {
        if self.spool.as_ref().is_some_and(Spool::is_empty)
            && let Some(spool) = self.spool.take()
        {
            spool.close();
        }
    }
}

#[cfg(test)]
mod tests;
