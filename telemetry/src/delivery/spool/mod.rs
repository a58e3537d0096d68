//! Events on disk, shared by all processes of an application.
//!
//! Each process writes its own file, on which it holds a lock. A file whose process has ended is free. A process that needs
//! a file takes over a free one, with the events in it that are still to be sent.

mod contents;
mod extent;
mod file;
#[cfg(all(feature = "http", any(fuzzing, test)))]
mod fuzz;
mod line;
mod name;

use std::collections::HashMap;
use std::io;

use self::contents::Contents;
pub(crate) use self::contents::Tally;
use self::extent::{Extent, STEP};
use self::file::Locked;
#[cfg(all(feature = "http", any(fuzzing, test)))]
pub(crate) use self::fuzz::spool as fuzz;
pub(super) use self::line::Line;
#[cfg(test)]
pub(super) use self::line::tests::stored;
pub(crate) use self::line::{SpoolKey, StoredEvent};
use self::name::Promise;
use super::retry::{MAX_AGE, time_since};
use crate::clock::Stamp;
use crate::storage::{StateDirectory, Turn, paths, read_at_most};

/// Maximum number of bytes on disk, also while many processes write. A file that is being rewritten is there twice for a moment, and
/// after a crash until the next program takes it over.
pub(crate) const MAX_BYTES: u64 = paths::SPOOL_BYTES;

/// Maximum number of events on disk, and of files.
///
/// Where directories cannot be locked, processes that write in the same moment may each exceed both limits by one write. While a process
/// is stopped in the middle of its turn, the others use what is left of three quarters of both limits.
pub(crate) const MAX_EVENTS: usize = paths::SPOOL_EVENTS;

/// The prefix of all spool files, whatever their key.
pub(crate) const PREFIX: &str = paths::SPOOL;

/// How much room a process keeps while its file is empty: a step, and the events for which the step was taken.
const KEPT: Extent = Extent { bytes: 2 * STEP.bytes, events: 2 * STEP.events };

/// A file that this process holds.
pub(crate) struct Spool {
    state: StateDirectory,
    key: SpoolKey,
    file: Locked,
    /// The ids of the events in the file that are still to be sent, with the lengths of their lines.
    live: HashMap<String, u64>,
    /// Less than half of all room was left when this file took some.
    is_room_scarce: bool,
}

/// The findings in files that other processes left behind.
#[derive(Default)]
pub(crate) struct Recovered {
    pub(crate) events: Vec<StoredEvent>,
    pub(crate) tally: Tally,
}

/// Adds an event to a free file, without reading what is in it.
#[cfg(any(feature = "http", test))]
pub(crate) fn leave(state: &StateDirectory, key: &SpoolKey, event: &StoredEvent) -> io::Result<()> {
    let (prefix, mut line) = (key.prefix(), key.event(event)?);
    // A killed process may have left half a line.
    let size = extent(&event.id, line.len() as u64) + Extent { bytes: 1, events: 0 };
    let turn = state.take_turn()?;
    let names = state.names(PREFIX);
    if !(used(state, &names) + size).is_within(limit(&turn)) {
        return Err(no_room(&turn));
    }
    let is_ours = |name: &&String| name.starts_with(&prefix) && Promise::of(name).is_some();
    let claim = |name: &String| Locked::claim(&turn, state, name, &prefix, size).ok();
    let mut file = match names.iter().filter(is_ours).find_map(claim) {
        Some(file) => file,
        None if names.len() >= MAX_EVENTS => return Err(full()),
        None => Locked::create(&turn, state, &prefix, size)?,
    };
    if !file.ends_a_line()? {
        line.insert(0, b'\n');
    }
    file.append(&line)?;
    let room = file.room();
    file.leave(Some(&turn), room);
    Ok(())
}

impl Spool {
    /// Takes over a free file, or creates one.
    pub(crate) fn open(state: &StateDirectory, key: &SpoolKey, now: &Stamp) -> io::Result<(Self, Recovered)> {
        if let Some(found) = Self::take_over(state, key, now) {
            return Ok(found);
        }
        let turn = state.take_turn()?;
        if state.names(PREFIX).len() >= MAX_EVENTS {
            return Err(full());
        }
        let file = Locked::create(&turn, state, &key.prefix(), Extent::default())?;
        Ok((Self::of(state, key, file, &Contents::default()), Recovered::default()))
    }

    /// Takes over a free file, if there is one.
    pub(crate) fn take_over(state: &StateDirectory, key: &SpoolKey, now: &Stamp) -> Option<(Self, Recovered)> {
        let prefix = key.prefix();
        let turn = state.take_turn().ok()?;
        let claim = |name: &String| Locked::claim(&turn, state, name, &prefix, Extent::default()).ok();
        let mut file = state.names(&prefix).iter().find_map(claim)?;
        drop(turn);
        let contents = Contents::of(key, &file.read().ok()?, Some(now));
        if contents.is_dirty() || file.room().events == usize::MAX {
            let turn = state.take_turn().ok()?;
            file = rewrite(&turn, state, &prefix, &file, &contents, contents.extent()).ok()?;
        }
        let spool = Self::of(state, key, file, &contents);
        Some((spool, Recovered { events: contents.events, tally: contents.tally }))
    }

    fn of(state: &StateDirectory, key: &SpoolKey, file: Locked, contents: &Contents) -> Self {
        let live = contents.lengths().collect();
        Self { state: state.clone(), key: key.clone(), file, live, is_room_scarce: false }
    }

    /// Adds the events of all other free files, as far as there is room, and deletes those files.
    pub(crate) fn adopt(&mut self, now: &Stamp) -> Recovered {
        let mut recovered = Recovered::default();
        let prefix = self.key.prefix();
        for name in self.state.names(PREFIX) {
            // A file of another destination, past or present, is not ours to delete before it is too old.
            if name == self.file.name() || !(name.starts_with(&prefix) || self.state.is_older_than(&name, MAX_AGE)) {
                continue;
            }
            if let Ok(found) = self.adopt_file(&name, &prefix, now) {
                recovered.events.extend(found.events);
                recovered.tally += found.tally;
            }
        }
        recovered
    }

    fn adopt_file(&mut self, name: &str, prefix: &str, now: &Stamp) -> io::Result<Recovered> {
        let turn = self.state.take_turn()?;
        let mut other = Locked::claim(&turn, &self.state, name, prefix, Extent::default())?;
        drop(turn);
        let bytes = other.read()?;
        let contents = if name.starts_with(prefix) {
            Contents::of(&self.key, &bytes, Some(now))
        } else {
            Contents::too_old(&bytes)
        };
        let then = self.extent()? + contents.extent();
        if then.events > MAX_EVENTS || then.bytes > MAX_BYTES {
            let room = other.room();
            other.leave(None, room);
            return Err(full());
        }
        // Its own room becomes free once its events are in this file.
        let turn = self.state.take_turn()?;
        self.file.promise(&turn, then.or_more(self.file.room()))?;
        self.file.append(&contents.lines)?;
        other.delete_moved()?;
        drop(turn);
        let new: HashMap<String, u64> = contents.lengths().filter(|(id, _)| !self.live.contains_key(id)).collect();
        // A crash may have left an event in two files.
        let events = contents.events.into_iter().filter(|event| new.contains_key(&event.id)).collect();
        self.live.extend(new);
        Ok(Recovered { events, tally: contents.tally })
    }

    /// Adds as many events as there is room for, with one write, and returns how many.
    ///
    /// # Errors
    ///
    /// If nothing was written, or there is no room for the first event.
    pub(crate) fn append(&mut self, events: &[&StoredEvent]) -> io::Result<usize> {
        let lines = events.iter().map(|event| self.key.event(event)).collect::<io::Result<Vec<_>>>()?;
        let sizes: Vec<Extent> =
            events.iter().zip(&lines).map(|(event, line)| extent(&event.id, line.len() as u64)).collect();
        let mut count = self.reserve(&sizes)?;
        if count == 0 {
            self.compact()?;
            count = self.reserve(&sizes)?;
        }
        if count == 0 {
            return Err(full());
        }
        self.file.append(&lines[..count].concat())?;
        self.live
            .extend(events.iter().zip(lines).take(count).map(|(event, line)| (event.id.clone(), line.len() as u64)));
        Ok(count)
    }

    /// Takes room for as many events as possible, and returns how many.
    fn reserve(&mut self, sizes: &[Extent]) -> io::Result<usize> {
        let used = self.extent()?;
        let (count, _) = fitting(used, sizes, self.file.room());
        if count == sizes.len() {
            return Ok(count);
        }
        let turn = self.state.take_turn()?;
        let names: Vec<String> = self.state.names(PREFIX).into_iter().filter(|name| name != self.file.name()).collect();
        let free = limit(&turn) - self::used(&self.state, &names);
        let (count, taken) = fitting(used, sizes, free);
        if count == 0 && turn.is_missed() {
            return Err(no_room(&turn));
        }
        if count > 0 {
            let room = taken + (free - taken).share(turn.is_exclusive());
            self.file.promise(&turn, room)?;
            self.is_room_scarce = !HALF.is_within(free - room);
        }
        Ok(count)
    }

    /// What the file holds, and will hold once its events are done.
    fn extent(&self) -> io::Result<Extent> {
        let done: u64 = self.live.keys().map(|id| line::length_of_done(id)).sum();
        Ok(Extent { bytes: self.file.len()? + done, events: self.live.len() })
    }

    /// Marks the events as done that are in the file, with one write.
    pub(crate) fn done<'i>(&mut self, ids: impl IntoIterator<Item = &'i str>) -> io::Result<()> {
        let mut lines = Vec::new();
        for id in ids {
            if self.live.remove(id).is_some() {
                lines.extend(self.key.done(id)?);
            }
        }
        if lines.is_empty() {
            return Ok(());
        }
        if !self.live.is_empty() {
            return self.file.append(&lines);
        }
        self.file.empty()?;
        let keeps_room = self.file.room().is_within(KEPT) && !self.is_room_scarce;
        if !keeps_room && let Ok(turn) = self.state.take_turn() {
            // Other processes need the room.
            self.file.promise(&turn, Extent::default())?;
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// Whether another process has taken the file, since this one did not renew its lease in time.
    pub(crate) fn is_lost(&self) -> bool {
        self.file.is_lost()
    }

    /// Gives the file back. Events that are still to be sent stay in it.
    pub(crate) fn close(self) {
        if self.is_empty() {
            let _ = self.file.delete();
        } else if let Ok(room) = self.extent() {
            let turn = self.state.take_turn().ok();
            self.file.leave(turn.as_ref(), room);
        }
    }

    /// Lets go of the file without unlocking it, in a forked child whose parent holds it.
    pub(crate) fn abandon(mut self) {
        self.file.abandon();
    }

    /// Drops the lines of events that are done, if that makes room. Otherwise such lines stay while any event in the file waits.
    fn compact(&mut self) -> io::Result<()> {
        let live: u64 = self.live.values().sum();
        if self.file.len()?.saturating_sub(live) < STEP.bytes {
            return Err(full());
        }
        // Whatever its age, the event is still on its way.
        let contents = Contents::of(&self.key, &self.file.read()?, None);
        let turn = self.state.take_turn()?;
        self.file = rewrite(&turn, &self.state, &self.key.prefix(), &self.file, &contents, contents.extent())?;
        Ok(())
    }
}

const LIMIT: Extent = Extent { bytes: MAX_BYTES, events: MAX_EVENTS };
const HALF: Extent = Extent { bytes: MAX_BYTES / 2, events: MAX_EVENTS / 2 };

/// How much all files may hold. What a process in the middle of its turn is about to take cannot be seen by one that goes on beside it.
const fn limit(turn: &Turn) -> Extent {
    match turn.is_missed() {
        true => Extent { bytes: MAX_BYTES / 4 * 3, events: MAX_EVENTS / 4 * 3 },
        false => LIMIT,
    }
}

fn no_room(turn: &Turn) -> io::Error {
    if turn.is_missed() { io::ErrorKind::WouldBlock.into() } else { full() }
}

/// The size of an event with a line of this length, including the line that will mark it as done.
fn extent(id: &str, line: u64) -> Extent {
    Extent { bytes: line + line::length_of_done(id), events: 1 }
}

/// How many of these events fit, counted from the first, and how much is used then.
fn fitting(used: Extent, sizes: &[Extent], room: Extent) -> (usize, Extent) {
    let sums = sizes.iter().scan(used, |sum, size| {
        *sum = *sum + *size;
        Some(*sum)
    });
    sums.take_while(|sum| sum.is_within(room)).fold((0, used), |(count, _), sum| (count + 1, sum))
}

/// How much files may hold. A file of which the name does not tell it is read.
fn used(state: &StateDirectory, names: &[String]) -> Extent {
    let read = |name: &String| {
        let bytes = state.open(name).and_then(|file| read_at_most(&file, MAX_BYTES)).unwrap_or_default();
        Extent { bytes: state.length(name), events: line::count(&bytes) }
    };
    let room = |name: &String| Promise::of(name).map_or_else(|| read(name), |promise| promise.room);
    names.iter().map(room).fold(Extent::default(), |sum, room| sum + room)
}

fn full() -> io::Error {
    io::ErrorKind::QuotaExceeded.into()
}

/// The data on disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Survey {
    pub(crate) files: usize,
    pub(crate) bytes: u64,
    /// Events that are still to be sent to this receiver.
    pub(crate) events: usize,
    /// When the oldest of them was published, in seconds since 1970, by the clock of now.
    pub(crate) oldest: Option<u64>,
}

/// Reads all files, including those that other processes hold, and changes nothing. Windows lets only its holder read a locked file, so the
/// events in it are not counted there.
pub(crate) fn survey(state: &StateDirectory, key: Option<&SpoolKey>, now: &Stamp) -> Survey {
    let mut survey = Survey::default();
    for name in state.names(PREFIX) {
        survey.files += 1;
        survey.bytes += state.length(&name);
        let bytes = state.open(&name).and_then(|file| read_at_most(&file, MAX_BYTES));
        let (Some(key), Ok(bytes)) = (key, bytes) else { continue };
        let contents = Contents::of(key, &bytes, Some(now));
        survey.events += contents.events.len();
        // The wall clock may have been wrong when an event was published.
        let published = |event: &StoredEvent| now.at.saturating_sub(time_since(&event.at, now).as_secs());
        survey.oldest = contents.events.iter().map(published).chain(survey.oldest).min();
    }
    survey
}

/// Writes the events that are still to be sent to a new file, so that a crash in the meantime loses nothing.
fn rewrite(
    turn: &Turn,
    state: &StateDirectory,
    prefix: &str,
    old: &Locked,
    contents: &Contents,
    room: Extent,
) -> io::Result<Locked> {
    let mut new = Locked::create(turn, state, prefix, room)?;
    let kept = new.append(&contents.lines).and_then(|()| old.delete_moved());
    kept.inspect_err(|_| drop(new.delete()))?;
    Ok(new)
}

#[cfg(test)]
mod tests;
