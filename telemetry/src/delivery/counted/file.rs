//! A file of counted events. All processes of an application share one: each raises a count where it stands, while it holds a lock.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use telemetry_spec::counted::{MAX_COUNT, MAX_DISTINCT};

use super::line::{COUNT_LENGTH, Contents, CountKey, Entry};
use super::more::{Failed, Kind, More};
use super::{day, owner};
use crate::clock::Stamp;
use crate::delivery::spool::StoredEvent;
use crate::sink::name_of;
use crate::storage::paths::COUNTED_BYTES;
use crate::storage::{Kept, StateDirectory, append, read_at, remove, write_at};

/// How long to wait for the lock. Processes hold it for a few system calls, and once a day while what was counted moves to the spool.
const PATIENCE: Duration = Duration::from_millis(10);
const PAUSE: Duration = Duration::from_micros(50);

/// A file, as far as this process knows it.
pub(in crate::delivery) struct CountFile {
    pub(super) state: StateDirectory,
    key: CountKey,
    name: String,
    is_own: bool,
    pub(super) file: Kept,
    /// How much of it has been read.
    length: u64,
    /// The last day of which the counts were taken.
    taken: Option<Stamp>,
    /// The newest day in it.
    day: Option<Stamp>,
    /// The events of that day, by their bodies.
    slots: HashMap<String, Vec<Slot>>,
    /// It holds counts of earlier days.
    has_earlier: bool,
}

struct Slot {
    id: String,
    schema: String,
    by_operator: bool,
    /// Where the line with the count begins.
    at: u64,
}

impl Slot {
    fn is_of(&self, kind: &Kind<'_>) -> bool {
        self.schema == kind.schema && self.by_operator == kind.by_operator
    }
}

/// What was taken out of a file.
#[derive(Default)]
pub(in crate::delivery) struct Taken {
    /// The events that are in the spool now.
    pub(super) events: Vec<StoredEvent>,
    /// How many events were counted longer ago than they may wait.
    pub(super) expired: u64,
    pub(super) foreign: u64,
    /// Whether some are still in the file: the spool has no room for them, or the file could not be written anew.
    pub(super) has_more: bool,
}

impl CountFile {
    pub(super) fn open(state: &StateDirectory, key: &CountKey, name: String, is_own: bool) -> io::Result<Self> {
        let file = Kept::new(state.open_to_update(&name)?)?;
        Ok(Self {
            state: state.clone(),
            key: key.clone(),
            name,
            is_own,
            file,
            length: 0,
            taken: None,
            day: None,
            slots: HashMap::new(),
            has_earlier: false,
        })
    }

    pub(super) const fn is_own(&self) -> bool {
        self.is_own
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether there are counts of days that are over.
    pub(super) fn has_earlier(&self, now: &Stamp) -> bool {
        let is_earlier = |day: Stamp| self.is_taken(&day) || day::is_over(&day, now);
        self.has_earlier || (!self.slots.is_empty() && self.day.is_some_and(is_earlier))
    }

    /// The day that is being counted.
    pub(super) const fn day(&self) -> Option<&Stamp> {
        self.day.as_ref()
    }

    /// Counts more events, and returns how many: fewer if the count is as large as it can be. `event` makes one when it is the first of its kind,
    /// from the day that it is counted under.
    ///
    /// # Errors
    ///
    /// Of the kind `NotFound` if the file was deleted or replaced, `WouldBlock` if another process keeps the lock, and `Unsupported` if files
    /// cannot be locked here.
    pub(super) fn add(&mut self, more: &More<'_>, event: impl FnOnce(Stamp) -> StoredEvent) -> Result<u32, Failed> {
        self.lock()?;
        let added = self.add_alone(more, event);
        let _ = self.file.unlock();
        added
    }

    fn add_alone(&mut self, more: &More<'_>, event: impl FnOnce(Stamp) -> StoredEvent) -> Result<u32, Failed> {
        self.read_on()?;
        let More { kind, events, published, now } = more;
        let now = if self.is_taken(&day::begin(published, None)) { now } else { published };
        if let Some(before) = self.day
            && (self.is_taken(&before) || day::is_over(&before, now))
        {
            let taken = self.taken.filter(|taken| taken.at > before.at).unwrap_or(before);
            self.begin(day::begin(now, Some(&taken)));
        }
        let alike = self.slots.get(kind.body).into_iter().flatten().find(|slot| slot.is_of(kind));
        if let Some(Slot { id, at, .. }) = alike {
            let mut line = [0; COUNT_LENGTH];
            read_at(&self.file, *at, &mut line)?;
            let count = self.key.read_count(id, &line).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
            let added = (*events).min(MAX_COUNT - count);
            if added == 0 {
                return Err(Failed::Full);
            }
            write_at(&self.file, *at, &self.key.count(id, count + added))?;
            return Ok(added);
        }
        let day = self.day.unwrap_or_else(|| day::begin(now, self.taken.as_ref()));
        let name = name_of(kind.body);
        let distinct = self.slots.iter().filter(|(body, _)| name_of(body) == name).map(|(_, slots)| slots.len());
        if distinct.sum::<usize>() >= MAX_DISTINCT {
            return Err(Failed::Full);
        }
        let (event, added) = (event(day), (*events).min(MAX_COUNT));
        let lines = self.key.entry(&event, added, self.length)?;
        if self.length + lines.len() as u64 > COUNTED_BYTES {
            return Err(Failed::Full);
        }
        if let Err(error) = write_at(&self.file, self.length, &lines) {
            let _ = self.file.set_len(self.length);
            return Err(error.into());
        }
        self.length += lines.len() as u64;
        let at = self.length - COUNT_LENGTH as u64;
        self.know(event, at);
        Ok(added)
    }

    /// Moves the counts of days that are over to `store`, which returns how many of them it has taken, counted from the first.
    /// Those with ids in `moved` have been taken already, but the file could not be written anew then.
    pub(super) fn take(
        &mut self,
        now: &Stamp,
        moved: &mut HashSet<String>,
        store: impl FnOnce(&[StoredEvent]) -> usize,
    ) -> io::Result<Taken> {
        match self.lock() {
            // Nobody writes to a file of one's own.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
            locked => locked?,
        }
        let taken = self.take_alone(now, moved, store);
        let _ = self.file.unlock();
        taken
    }

    fn take_alone(
        &mut self,
        now: &Stamp,
        moved: &mut HashSet<String>,
        store: impl FnOnce(&[StoredEvent]) -> usize,
    ) -> io::Result<Taken> {
        self.read_on()?;
        let contents = self.read_all()?;
        let newest = contents.entries.iter().map(|entry| entry.event.at).max_by_key(|day| day.at);
        let is_over = |Entry { event, .. }: &Entry| {
            newest.is_some_and(|newest| event.at.at < newest.at)
                || self.is_taken(&event.at)
                || day::is_over(&event.at, now)
        };
        let (over, mut rest): (Vec<Entry>, Vec<Entry>) = contents.entries.into_iter().partition(is_over);
        let taken_until = over.iter().map(|entry| entry.event.at).chain(contents.taken).max_by_key(|day| day.at);
        let (again, over): (Vec<Entry>, Vec<Entry>) =
            over.into_iter().partition(|entry| moved.contains(&entry.event.id));
        let (expired, over): (Vec<Entry>, Vec<Entry>) =
            over.into_iter().partition(|entry| super::is_expired(&entry.event, now));
        let events: Vec<StoredEvent> = over.iter().map(Entry::counted).collect();
        if let Some(day) = taken_until.filter(|day| !events.is_empty() && !self.is_taken(day)) {
            // From now on nothing is added to these counts, also by a process whose clock shows another day, and if this one is killed.
            let line = self.key.taken(&day)?;
            write_at(&self.file, self.length, &line)?;
            self.length += line.len() as u64;
            self.taken = Some(day);
        }
        let stored = if events.is_empty() { 0 } else { store(&events).min(events.len()) };
        let mut taken = Taken {
            has_more: stored < events.len(),
            events: events.into_iter().take(stored).collect(),
            expired: expired.iter().map(|entry| u64::from(entry.count)).sum(),
            foreign: contents.foreign,
        };
        rest.extend(over.into_iter().skip(stored));
        if taken.events.is_empty() && again.is_empty() && expired.is_empty() && taken.foreign == 0 {
            return Ok(taken);
        }
        moved.extend(taken.events.iter().map(|event| event.id.clone()));
        match self.replace(taken_until.as_ref(), &rest) {
            Ok(()) => moved.clear(),
            // They are in the spool, and must not get there again.
            Err(_) => (taken.has_more, taken.expired, taken.foreign) = (true, 0, 0),
        }
        Ok(taken)
    }

    /// Puts a new file in the place of this one, so that a crash meanwhile loses nothing.
    fn replace(&mut self, taken: Option<&Stamp>, entries: &[Entry]) -> io::Result<()> {
        let mut bytes = taken.map(|day| self.key.taken(day)).transpose()?.unwrap_or_default();
        for Entry { event, count, .. } in entries {
            bytes.extend(self.key.entry(event, *count, bytes.len() as u64)?);
        }
        let path = self.state.path(&self.name);
        if self.is_own && entries.is_empty() {
            return remove(&path);
        }
        let new = owner::new()?;
        let mut file = self.state.create(&new)?;
        let written = append(&mut file, &bytes).and_then(|()| fs::rename(self.state.path(&new), &path));
        written.inspect_err(|_| drop(remove(&self.state.path(&new))))?;
        // It is read under its own lock, when it is used next.
        let old = std::mem::replace(self, Self::open(&self.state, &self.key, self.name.clone(), self.is_own)?);
        let _ = old.file.unlock();
        Ok(())
    }

    /// What the file holds now, without a lock.
    pub(super) fn read_all(&self) -> io::Result<Contents> {
        let mut bytes = vec![0; usize::try_from(self.file.metadata()?.len().min(COUNTED_BYTES)).unwrap_or_default()];
        read_at(&self.file, 0, &mut bytes)?;
        Ok(self.key.read(&bytes, 0))
    }

    /// Whether the file of its name begins as this one does. One that was written anew begins with the last day that was taken.
    fn is_at_its_name(&self) -> bool {
        let beginning = |file: &File| {
            let mut bytes = [0; BEGINNING];
            read_at(file, 0, &mut bytes).map(|()| bytes)
        };
        let there = self.state.open(&self.name);
        there.is_ok_and(|there| match (beginning(&there), beginning(&self.file)) {
            (Ok(there), Ok(this)) => there == this,
            (Err(error), Ok(_)) if is_of_lock(&error) => true,
            // Both are empty, or one was cut off.
            (there, this) => there.is_err() && this.is_err(),
        })
    }

    /// Reads what other processes have added.
    fn read_on(&mut self) -> io::Result<()> {
        let found = self.file.metadata()?;
        if !is_linked(&found, || self.is_at_its_name()) {
            return Err(io::ErrorKind::NotFound.into());
        }
        if found.len() == self.length {
            return Ok(());
        }
        if found.len() < self.length {
            // Another program has cut it off.
            (self.length, self.day, self.has_earlier) = (0, None, false);
            self.slots.clear();
        }
        let added = found.len().min(COUNTED_BYTES).saturating_sub(self.length);
        let mut bytes = vec![0; usize::try_from(added).unwrap_or_default()];
        read_at(&self.file, self.length, &mut bytes)?;
        let contents = self.key.read(&bytes, self.length);
        self.taken = contents.taken.into_iter().chain(self.taken).max_by_key(|day| day.at);
        for Entry { event, at, .. } in contents.entries {
            self.know(event, at);
        }
        self.length = contents.length;
        if contents.length < found.len() {
            // A process was killed while it added an event.
            self.file.set_len(contents.length)?;
        }
        Ok(())
    }

    /// Whether the counts of this day are on their way.
    fn is_taken(&self, day: &Stamp) -> bool {
        self.taken.is_some_and(|taken| taken.at >= day.at)
    }

    fn know(&mut self, event: StoredEvent, at: u64) {
        match self.day {
            Some(day) if day == event.at => {}
            Some(day) if day.at > event.at.at => {
                self.has_earlier = true;
                return;
            }
            _ => self.begin(event.at),
        }
        let StoredEvent { id, schema, by_operator, body, .. } = event;
        self.slots.entry(body).or_default().push(Slot { id, schema, by_operator, at });
    }

    fn begin(&mut self, day: Stamp) {
        self.has_earlier |= !self.slots.is_empty();
        self.slots.clear();
        self.day = Some(day);
    }

    /// Waits for the lock, briefly.
    fn lock(&self) -> io::Result<()> {
        self.file.check()?;
        let mut start = None;
        loop {
            match self.file.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) if start.get_or_insert_with(Instant::now).elapsed() < PATIENCE => {
                    thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
                Err(TryLockError::Error(_)) if self.is_own => return Ok(()),
                Err(TryLockError::Error(_)) => return Err(io::ErrorKind::Unsupported.into()),
            }
        }
    }
}

impl Entry {
    /// The event as it is sent.
    fn counted(&self) -> StoredEvent {
        StoredEvent { body: crate::event::add_count(&self.event.body, self.count), ..self.event.clone() }
    }
}

#[cfg(test)]
impl CountFile {
    /// Writes the count of the event at this index.
    pub(super) fn set_count(&mut self, index: usize, count: u32) {
        let contents = self.read_all().unwrap();
        let Entry { event, at, .. } = &contents.entries[index];
        write_at(&self.file, *at, &self.key.count(&event.id, count)).unwrap();
    }
}

/// The code of the first line, by which a file is told from another one.
const BEGINNING: usize = 64;

/// Whether a file still has a name.
#[cfg(unix)]
fn is_linked(found: &fs::Metadata, _: impl FnOnce() -> bool) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    found.nlink() > 0
}

/// Elsewhere, a file that was replaced has no sign of it.
#[cfg(not(unix))]
fn is_linked(_: &fs::Metadata, is_there: impl FnOnce() -> bool) -> bool {
    is_there()
}

/// Whether a lock denies reading. Windows enforces a lock on every other handle, those of this process included, and this file is locked.
fn is_of_lock(error: &io::Error) -> bool {
    const ERROR_LOCK_VIOLATION: i32 = 33;
    cfg!(windows) && error.raw_os_error() == Some(ERROR_LOCK_VIOLATION)
}
