//! The files of counted events: which of them a process counts in, and which it may take from.
//!
//! Where files cannot be locked, or a process keeps the lock for too long, a process counts in a file of its own. Such a file belongs to
//! others once nothing has been written to it for the length of a lease.

use std::fs::{self, TryLockError};
use std::io;

use super::file::CountFile;
use super::line::{self, CountKey, Entry};
use super::{day, retry};
use crate::clock::{DAY, Stamp};
use crate::storage::paths::{COUNTED, COUNTED_BYTES, COUNTED_END, COUNTED_FILES};
use crate::storage::private_file::random_name;
use crate::storage::{StateDirectory, is_lease_over, read_at_most, remove, renew_lease};

/// The name of a file that is being written anew begins with this in place of the key's digits.
const NEW: &str = "new-";

/// The files of a key: the shared one first.
pub(super) fn names(state: &StateDirectory, key: &CountKey) -> Vec<String> {
    let mut names = state.names(&prefix(key));
    names.sort_by_key(|name| (*name != shared(key), name.clone()));
    names
}

fn prefix(key: &CountKey) -> String {
    format!("{COUNTED}{}", key.events.label())
}

fn shared(key: &CountKey) -> String {
    format!("{}{COUNTED_END}", prefix(key))
}

/// The end of the name of a file that its process has given back.
const LEFT: &str = "-left.ndjson";

fn own(key: &CountKey) -> io::Result<String> {
    Ok(random_name(&format!("{}-", prefix(key)))? + COUNTED_END)
}

/// The name of a file that takes the place of another one.
pub(super) fn new() -> io::Result<String> {
    Ok(random_name(&format!("{COUNTED}{NEW}"))? + COUNTED_END)
}

impl CountFile {
    /// Opens the file that all processes share, or creates it.
    pub(in crate::delivery) fn open_shared(state: &StateDirectory, key: &CountKey) -> io::Result<Self> {
        Self::open_or_create(state, key, shared(key), false)
    }

    /// Takes a file that another process has given back, or creates one of this process.
    pub(in crate::delivery) fn create_own(state: &StateDirectory, key: &CountKey) -> io::Result<Self> {
        let names = names(state, key);
        for left in names.iter().filter(|name| name.ends_with(LEFT)) {
            let own = own(key)?;
            if fs::rename(state.path(left), state.path(&own)).is_ok() {
                return Self::open(state, key, own, true);
            }
        }
        if names.len() >= COUNTED_FILES {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        Self::open_or_create(state, key, own(key)?, true)
    }

    /// Gives a file of this process back, so that the next one counts on in it.
    pub(super) fn leave(self) {
        if let (true, Some(name)) = (self.is_own(), self.name().strip_suffix(COUNTED_END)) {
            let _ = fs::rename(self.state.path(self.name()), self.state.path(&format!("{name}{LEFT}")));
        }
    }

    fn open_or_create(state: &StateDirectory, key: &CountKey, name: String, is_own: bool) -> io::Result<Self> {
        if let Err(error) = state.create(&name)
            && error.kind() != io::ErrorKind::AlreadyExists
        {
            return Err(error);
        }
        Self::open(state, key, name, is_own)
    }

    /// Makes a file of another process one's own, if that process has ended and all days in it are over. One process at a time succeeds.
    fn claim(state: &StateDirectory, key: &CountKey, name: &str, now: &Stamp) -> io::Result<Option<Self>> {
        let found = Self::open(state, key, name.to_owned(), false)?;
        let is_over = |entry: &Entry| day::is_over(&entry.event.at, now);
        let is_free = name.ends_with(LEFT) || is_lease_over(&found.file);
        if !is_free || !found.read_all()?.entries.iter().all(is_over) {
            return Ok(None);
        }
        renew_lease(&found.file)?;
        let own = own(key)?;
        fs::rename(state.path(name), state.path(&own))?;
        Self::open(state, key, own, true).map(Some)
    }
}

/// A file that this process does not count in: the shared one, or one of another process. `None` if that one still belongs to it.
pub(super) fn of_others(
    state: &StateDirectory,
    key: &CountKey,
    name: &str,
    now: &Stamp,
) -> io::Result<Option<CountFile>> {
    if name == shared(key) {
        CountFile::open(state, key, name.to_owned(), false).map(Some)
    } else {
        CountFile::claim(state, key, name, now)
    }
}

/// Deletes what was counted for former receivers once it is too old, and returns how many events that were.
pub(super) fn remove_former(state: &StateDirectory, key: &CountKey) -> u64 {
    let (ours, new) = (prefix(key), format!("{COUNTED}{NEW}"));
    let is_former = |name: &String| {
        let is_current = name.starts_with(&ours) || name.starts_with(&new);
        !is_current && name.ends_with(COUNTED_END) && is_too_old(state, name)
    };
    state.names(COUNTED).iter().filter(|name| is_former(name)).filter_map(|name| remove_counted(state, name).ok()).sum()
}

/// Whether nothing has been counted in a file for so long that every day in it is too old.
fn is_too_old(state: &StateDirectory, name: &str) -> bool {
    state.is_older_than(name, retry::MAX_AGE + DAY)
}

/// A process that counts in the file meanwhile finds that it is gone, and counts in another.
fn remove_counted(state: &StateDirectory, name: &str) -> io::Result<u64> {
    let file = state.open(name)?;
    let is_held = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
    // Something may have been counted in it before it was locked.
    if is_held || !is_too_old(state, name) {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    let events = line::sum(&read_at_most(&file, COUNTED_BYTES)?);
    remove(&state.path(name))?;
    Ok(events)
}

/// Deletes what killed processes left while they wrote a file anew.
pub(super) fn remove_abandoned(state: &StateDirectory) {
    for name in state.names(&format!("{COUNTED}{NEW}")) {
        if state.open(&name).is_ok_and(|file| is_lease_over(&file)) {
            let _ = remove(&state.path(&name));
        }
    }
}
