//! The counts of one process: its file, what is in memory where no file can be used, and when the counts of earlier days move to the spool.

use std::collections::HashSet;
use std::io;
use std::time::{Duration, Instant};

use super::file::{CountFile, Taken};
use super::line::CountKey;
use super::memory::Memory;
use super::more::{Failed, More};
use super::owner;
use super::shared::{Kept, LostCounts, Whose, Writing};
use crate::clock::{Moment, Stamp};
use crate::delivery::counts::Loss;
use crate::delivery::retry::{self, HOUR};
use crate::delivery::spool::StoredEvent;
use crate::storage::StateDirectory;

/// When to look again for counts that another process holds.
const LATER: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Ledger {
    pub(super) file: Option<CountFile>,
    pub(super) memory: Memory,
    /// The day in which this process has counted.
    lived: Option<Stamp>,
    /// When the counts of earlier days move on.
    pub(super) due: Option<Instant>,
    pub(super) lost: LostCounts,
    /// Counts of earlier days may be in files of other processes, which this one has not read.
    must_look: bool,
    /// The ids of events that are in the spool, and still in a file that could not be written anew.
    moved: HashSet<String>,
    /// Whether this process has read the files of others.
    pub(super) has_looked: bool,
    /// Nothing more is counted.
    pub(super) ended: bool,
}

impl Ledger {
    /// That of a client that counts nothing more.
    pub(super) fn ended() -> Self {
        Self { ended: true, ..Self::default() }
    }

    /// Counts more events, and returns how many: fewer if the count is as large as it can be.
    pub(super) fn add(
        &mut self,
        more: &More<'_>,
        writing: &Writing<'_>,
        event: &impl Fn(Stamp) -> StoredEvent,
    ) -> Result<(Kept, u32), Loss> {
        let on_disk = writing.open.map(|open| self.add_on_disk(more, open, event));
        let counted = match on_disk {
            Some(Err(Failed::Io(_))) | None => self.memory.add(more, event).map(|added| (Kept::InMemory, added)),
            Some(on_disk) => on_disk.map(|added| (Kept::OnDisk, added)),
        };
        counted.map_err(|failed| match failed {
            Failed::Denied => Loss::ConsentWithdrawn,
            Failed::Full | Failed::Io(_) => Loss::CountFull,
        })
    }

    fn add_on_disk(
        &mut self,
        more: &More<'_>,
        open: &dyn Fn(Whose) -> Result<CountFile, Failed>,
        event: &impl Fn(Stamp) -> StoredEvent,
    ) -> Result<u32, Failed> {
        const ATTEMPTS: usize = 4;
        let mut last = io::Error::from(io::ErrorKind::WouldBlock);
        for _ in 0..ATTEMPTS {
            let file = match &mut self.file {
                Some(file) => file,
                None => self.file.insert(open(Whose::Shared)?),
            };
            let error = match file.add(more, event) {
                Err(Failed::Io(error)) => error,
                added => return added,
            };
            match error.kind() {
                // Another process has written it anew, or all data was deleted.
                io::ErrorKind::NotFound => self.file = None,
                io::ErrorKind::WouldBlock | io::ErrorKind::Unsupported if !file.is_own() => {
                    self.file = Some(open(Whose::Own)?);
                    self.must_look = true;
                }
                _ => return Err(error.into()),
            }
            last = error;
        }
        Err(last.into())
    }

    /// Counts nothing more, and returns what is in memory alone.
    pub(super) fn end(&mut self) -> Vec<StoredEvent> {
        self.ended = true;
        if let Some(file) = self.file.take() {
            file.leave();
        }
        self.memory.take_all()
    }

    pub(super) fn day(&self) -> Option<&Stamp> {
        self.file.as_ref().and_then(CountFile::day).or(self.memory.day())
    }

    /// Decides when counts of earlier days move on.
    pub(super) fn note(&mut self, now: &Moment) {
        let has_earlier = std::mem::take(&mut self.must_look)
            || self.file.as_ref().is_some_and(|file| file.has_earlier(&now.stamp))
            || self.memory.has_earlier(&now.stamp);
        if has_earlier && self.due.is_none() {
            let wait = if self.lived.is_some() { retry::spread() } else { Duration::ZERO };
            self.due = Some(now.instant + wait);
        }
        self.lived = self.day().copied();
    }

    pub(super) fn take_files(
        &mut self,
        state: &StateDirectory,
        key: &CountKey,
        now: &Moment,
        store: &mut dyn FnMut(&[StoredEvent]) -> usize,
    ) -> Vec<StoredEvent> {
        owner::remove_abandoned(state);
        self.lost.expired += owner::remove_former(state, key);
        let mut events = Vec::new();
        for name in owner::names(state, key) {
            let Ok(taken) = self.take_file(state, key, &name, now, store) else {
                self.due = now.instant.checked_add(LATER);
                continue;
            };
            self.lost.expired += taken.expired;
            self.lost.foreign += taken.foreign;
            events.extend(taken.events);
            if taken.has_more {
                self.due = Some(now.instant + retry::spread());
            }
        }
        events
    }

    fn take_file(
        &mut self,
        state: &StateDirectory,
        key: &CountKey,
        name: &str,
        now: &Moment,
        store: &mut dyn FnMut(&[StoredEvent]) -> usize,
    ) -> io::Result<Taken> {
        if let Some(file) = self.file.as_mut().filter(|file| file.name() == name) {
            match file.take(&now.stamp, &mut self.moved, &mut *store) {
                // Another process has written it anew, or all data was deleted.
                Err(error) if error.kind() == io::ErrorKind::NotFound => self.file = None,
                taken => return taken,
            }
        }
        match owner::of_others(state, key, name, &now.stamp)? {
            Some(mut file) => {
                let taken = file.take(&now.stamp, &mut self.moved, store);
                file.leave();
                taken
            }
            None => {
                // It is looked for again.
                self.due = now.instant.checked_add(HOUR);
                Ok(Taken::default())
            }
        }
    }
}
