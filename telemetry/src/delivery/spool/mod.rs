//! Events on disk, shared by all processes of an application.
//!
//! Each process writes its own file, on which it holds a lock. A file whose process has ended is free. A process that needs
//! a file takes over a free one, with the events in it that are still to be sent.

mod contents;
mod file;
mod line;

use std::collections::HashMap;
use std::io;

use self::contents::Contents;
pub(crate) use self::contents::Tally;
use self::file::Locked;
pub(crate) use self::line::{SpoolKey, StoredEvent};
use super::clock::Stamp;
use super::retry::MAX_AGE;
use crate::storage::{StateDirectory, paths, read_at_most};

/// Maximum number of bytes on disk. Processes that write at the same time may each exceed it by one step.
pub(crate) const MAX_BYTES: u64 = paths::SPOOL_BYTES;

/// Maximum number of events on disk, and of files. The same excess is possible.
pub(crate) const MAX_EVENTS: usize = paths::SPOOL_EVENTS;

/// The prefix of all spool files, whatever their key.
pub(crate) const PREFIX: &str = paths::SPOOL;

/// How much a process writes before it checks again how much the others wrote.
const STEP: u64 = 32 * 1024;
const STEP_EVENTS: usize = 16;

/// A file that this process holds.
pub(crate) struct Spool {
    state: StateDirectory,
    key: SpoolKey,
    file: Locked,
    /// The ids of the events in the file that are still to be sent, with the lengths of their lines.
    live: HashMap<String, u64>,
    allowance: Extent,
}

/// The size of one file, or of several.
#[derive(Clone, Copy, Default)]
struct Extent {
    bytes: u64,
    events: usize,
}

/// The findings in files that other processes left behind.
#[derive(Default)]
pub(crate) struct Recovered {
    pub(crate) events: Vec<StoredEvent>,
    pub(crate) tally: Tally,
}

impl Spool {
    /// Takes over a free file, or creates one.
    pub(crate) fn open(state: &StateDirectory, key: &SpoolKey, now: &Stamp) -> io::Result<(Self, Recovered)> {
        if let Some(found) = Self::take_over(state, key, now) {
            return Ok(found);
        }
        if state.names(PREFIX).len() >= MAX_EVENTS {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let file = Locked::create(state, &key.prefix())?;
        Ok((Self::of(state, key, file, &Contents::default()), Recovered::default()))
    }

    /// Takes over a free file, if there is one.
    pub(crate) fn take_over(state: &StateDirectory, key: &SpoolKey, now: &Stamp) -> Option<(Self, Recovered)> {
        let prefix = key.prefix();
        state.names(&prefix).iter().find_map(|name| {
            let mut file = Locked::claim(state, name, &prefix).ok()?;
            let contents = Contents::of(key, &file.read().ok()?, Some(now));
            if contents.is_dirty() {
                file = rewrite(state, &prefix, &file, &contents).ok()?;
            }
            let spool = Self::of(state, key, file, &contents);
            Some((spool, Recovered { events: contents.events, tally: contents.tally }))
        })
    }

    fn of(state: &StateDirectory, key: &SpoolKey, file: Locked, contents: &Contents) -> Self {
        let live = contents.lengths().collect();
        Self { state: state.clone(), key: key.clone(), file, live, allowance: Extent::default() }
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
            let Ok(mut other) = Locked::claim(&self.state, &name, &prefix) else { continue };
            let Ok(bytes) = other.read() else { continue };
            let contents = Contents::of(&self.key, &bytes, Some(now));
            // Its own bytes become free once its events are in this file.
            let fits = self.live.len() + contents.events.len() <= MAX_EVENTS;
            if fits && self.file.append(&contents.lines).is_ok() && other.delete().is_ok() {
                let new: HashMap<String, u64> =
                    contents.lengths().filter(|(id, _)| !self.live.contains_key(id)).collect();
                // A crash may have left an event in two files.
                recovered.events.extend(contents.events.into_iter().filter(|event| new.contains_key(&event.id)));
                recovered.tally += contents.tally;
                self.live.extend(new);
            }
        }
        recovered
    }

    /// Adds as many events as there is room for, with one write, and returns how many.
    ///
    /// # Errors
    ///
    /// If nothing was written, or there is no room for the first event.
    pub(crate) fn append(&mut self, events: &[&StoredEvent]) -> io::Result<usize> {
        let mut lines = Vec::new();
        let mut added = Vec::new();
        let mut length = self.file.len()?;
        for event in events {
            let line = self.key.event(event)?;
            let then = |length: u64, live: usize| Extent { bytes: length + line.len() as u64, events: live + 1 };
            let mut room = self.check_room(then(length, self.live.len() + added.len()));
            if room.is_err() && added.is_empty() {
                self.compact()?;
                length = self.file.len()?;
                room = self.check_room(then(length, self.live.len()));
            }
            match room {
                Ok(()) => added.push((event.id.clone(), line.len() as u64)),
                Err(error) if added.is_empty() => return Err(error),
                Err(_) => break,
            }
            length += line.len() as u64;
            lines.extend_from_slice(&line);
        }
        self.file.append(&lines)?;
        let count = added.len();
        self.live.extend(added);
        Ok(count)
    }

    /// Marks the event as done, if it is in the file.
    pub(crate) fn done(&mut self, id: &str) -> io::Result<()> {
        if self.live.remove(id).is_none() {
            Ok(())
        } else if self.live.is_empty() {
            self.file.empty()
        } else {
            self.file.append(&self.key.done(id)?)
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// Gives the file back. Events that are still to be sent stay in it.
    pub(crate) fn close(self) {
        if self.is_empty() {
            let _ = self.file.delete();
        }
    }

    /// Lets go of the file without unlocking it, in a forked child whose parent holds it.
    pub(crate) fn abandon(mut self) {
        self.file.abandon();
    }

    /// Drops the lines of events that are done, if that makes room. Otherwise such lines stay while any event in the file waits.
    fn compact(&mut self) -> io::Result<()> {
        let live: u64 = self.live.values().sum();
        if self.file.len()?.saturating_sub(live) < STEP {
            return Err(full());
        }
        // Whatever its age, the event is still on its way.
        let contents = Contents::of(&self.key, &self.file.read()?, None);
        self.file = rewrite(&self.state, &self.key.prefix(), &self.file, &contents)?;
        self.allowance = Extent::default();
        Ok(())
    }

    /// The size of other processes' files is checked once per step.
    fn check_room(&mut self, then: Extent) -> io::Result<()> {
        if !then.is_within(self.allowance) {
            let others = self.others();
            self.allowance = Extent {
                bytes: MAX_BYTES.saturating_sub(others.bytes).min(then.bytes + STEP),
                events: MAX_EVENTS.saturating_sub(others.events).min(then.events + STEP_EVENTS),
            };
        }
        if then.is_within(self.allowance) { Ok(()) } else { Err(full()) }
    }

    /// The size of all other files, including those that other processes hold.
    fn others(&self) -> Extent {
        let mut others = Extent::default();
        for name in self.state.names(PREFIX).iter().filter(|name| *name != self.file.name()) {
            let bytes = self.state.open(name).and_then(|file| read_at_most(&file, MAX_BYTES)).unwrap_or_default();
            others.bytes += self.state.length(name);
            others.events += line::count(&bytes);
        }
        others
    }
}

impl Extent {
    const fn is_within(self, other: Self) -> bool {
        self.bytes <= other.bytes && self.events <= other.events
    }
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
    /// When the oldest of them was published, in seconds since 1970.
    pub(crate) oldest: Option<u64>,
}

/// Reads all files, including those that other processes hold, and changes nothing.
pub(crate) fn survey(state: &StateDirectory, key: Option<&SpoolKey>, now: &Stamp) -> Survey {
    let mut survey = Survey::default();
    for name in state.names(PREFIX) {
        survey.files += 1;
        survey.bytes += state.length(&name);
        let bytes = state.open(&name).and_then(|file| read_at_most(&file, MAX_BYTES));
        let (Some(key), Ok(bytes)) = (key, bytes) else { continue };
        let contents = Contents::of(key, &bytes, Some(now));
        survey.events += contents.events.len();
        survey.oldest = contents.events.iter().map(|event| event.at.at).chain(survey.oldest).min();
    }
    survey
}

/// Writes the events that are still to be sent to a new file, so that a crash in the meantime loses nothing.
fn rewrite(state: &StateDirectory, prefix: &str, old: &Locked, contents: &Contents) -> io::Result<Locked> {
    let mut new = Locked::create(state, prefix)?;
    let kept = new.append(&contents.lines).and_then(|()| old.delete());
    kept.inspect_err(|_| drop(new.delete()))?;
    Ok(new)
}

#[cfg(test)]
mod tests;
