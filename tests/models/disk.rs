//! A disk in place of `telemetry/src/delivery/counted/file.rs`, with one file, which no other process uses.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use super::day;
use super::more::{Failed, More};
use crate::clock::Stamp;
use crate::delivery::spool::StoredEvent;
use crate::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What outlives the process.
#[derive(Default)]
pub(super) struct Disk {
    state: Mutex<State>,
    changed: Condvar,
    /// How many events it takes at most.
    room: u64,
    /// Whether it fails once this is reached, in place of being full.
    fails: bool,
}

#[derive(Default)]
struct State {
    written: u64,
    is_denied: bool,
}

impl Disk {
    pub(super) fn new(room: u64, fails: bool) -> Self {
        Self { room, fails, ..Self::default() }
    }

    /// How many events are on it.
    pub(super) fn written(&self) -> u64 {
        self.lock().written
    }

    /// Waits until so many are.
    pub(super) fn wait(&self, events: u64) {
        let mut state = self.lock();
        while state.written < events {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The user says no, which deletes the file.
    pub(super) fn deny(&self) {
        self.lock().is_denied = true;
    }

    pub(super) fn open(self: &Arc<Self>, day: Stamp) -> Result<CountFile, Failed> {
        if self.lock().is_denied { Err(Failed::Denied) } else { Ok(CountFile { disk: Arc::clone(self), day }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(in crate::delivery) struct CountFile {
    disk: Arc<Disk>,
    day: Stamp,
}

impl CountFile {
    pub(super) fn add(&self, more: &More<'_>, _: impl FnOnce(Stamp) -> StoredEvent) -> Result<u32, Failed> {
        let Disk { room, fails, changed, .. } = &*self.disk;
        let mut state = self.disk.lock();
        if state.is_denied {
            return Err(io::Error::from(io::ErrorKind::NotFound).into());
        }
        let events = u64::from(more.events);
        let added = events.min(room - state.written);
        if *fails && added < events {
            return Err(io::Error::from(io::ErrorKind::StorageFull).into());
        }
        state.written += added;
        changed.notify_all();
        if added == 0 { Err(Failed::Full) } else { Ok(u32::try_from(added).unwrap()) }
    }

    pub(super) const fn is_own(&self) -> bool {
        false
    }

    pub(super) const fn name(&self) -> &str {
        ""
    }

    pub(super) const fn day(&self) -> Option<&Stamp> {
        Some(&self.day)
    }

    pub(super) fn has_earlier(&self, now: &Stamp) -> bool {
        day::is_over(&self.day, now)
    }

    pub(super) fn take(
        &mut self,
        _: &Stamp,
        _: &mut HashSet<String>,
        _: impl FnMut(&[StoredEvent]) -> usize,
    ) -> io::Result<Taken> {
        Ok(Taken::default())
    }

    pub(super) fn leave(self) {}
}

#[derive(Default)]
pub(super) struct Taken {
    pub(super) events: Vec<StoredEvent>,
    pub(super) expired: u64,
    pub(super) foreign: u64,
    pub(super) has_more: bool,
}
