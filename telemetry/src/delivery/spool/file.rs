//! One spool file. A process that reads or writes it holds a lock on it, which ends with the process at the latest.
//!
//! Where files cannot be locked, the process holds a lease instead: the file's name says so, and its date tells since when. A process that
//! does not renew its lease has lost the file to the next one.

use std::fs::{self, File, TryLockError};
#[cfg(any(feature = "http", test))]
use std::io::Read as _;
use std::io::{self, Seek as _};

use super::name::Promise;
use super::{Extent, MAX_BYTES};
use crate::storage::{StateDirectory, Turn, append_to, is_lease_over, read_at_most, remove, renew_lease};

/// A file that this process holds, and its current name.
pub(super) struct Locked {
    state: StateDirectory,
    prefix: String,
    name: String,
    promise: Promise,
    file: File,
    is_abandoned: bool,
}

/// How many times other processes may take a new file before this one has locked it.
const ATTEMPTS: usize = 8;

impl Locked {
    /// Creates a file that may hold this much.
    pub(super) fn create(turn: &Turn, state: &StateDirectory, prefix: &str, room: Extent) -> io::Result<Self> {
        let mut last = io::Error::from(io::ErrorKind::WouldBlock);
        for _ in 0..ATTEMPTS {
            // Until it is known whether locks work, no other process takes it.
            let promise = Promise { room, is_held: !turn.is_exclusive() };
            let name = promise.name(prefix)?;
            let file = state.create(&name)?;
            let created =
                Self { state: state.clone(), prefix: prefix.to_owned(), name, promise, file, is_abandoned: false };
            match created.lock() {
                Ok(locked) => return Ok(locked),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn lock(mut self) -> io::Result<Self> {
        let is_held = hold(&self.file)?;
        if is_held != self.promise.is_held {
            let renamed = self.rename(Promise { is_held, ..self.promise });
            renamed.inspect_err(|_| drop(self.delete()))?;
        }
        Ok(self)
    }

    /// Takes over a file whose process has ended. From then on it may hold this much more.
    pub(super) fn claim(_: &Turn, state: &StateDirectory, name: &str, prefix: &str, more: Extent) -> io::Result<Self> {
        let file = state.open(name)?;
        let by_lease = hold(&file)?;
        let found = Promise::of(name);
        if found.is_some_and(|promise| promise.is_held) && !is_lease_over(&file) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        if by_lease {
            renew_lease(&file)?;
        }
        let length = file.metadata()?.len();
        let room = found.map_or(Extent { bytes: length, events: usize::MAX }, |promise| promise.room);
        let room = Extent { bytes: room.bytes.max(length), ..room } + more;
        let promise = Promise { room, is_held: by_lease };
        let mut claimed = Self {
            state: state.clone(),
            prefix: prefix.to_owned(),
            name: name.to_owned(),
            promise,
            file,
            is_abandoned: false,
        };
        claimed.rename(promise)?;
        Ok(claimed)
    }

    /// Changes how much the file may hold.
    pub(super) fn promise(&mut self, _: &Turn, room: Extent) -> io::Result<()> {
        if room == self.promise.room { Ok(()) } else { self.rename(Promise { room, ..self.promise }) }
    }

    /// Leaves the file to other processes.
    pub(super) fn leave(mut self, turn: Option<&Turn>, room: Extent) {
        // Without a turn, other processes might not see the file under either name.
        let changes = turn.is_some() && room != self.promise.room;
        if changes || self.promise.is_held {
            let _ = self.rename(Promise { room, is_held: false });
        }
    }

    fn rename(&mut self, promise: Promise) -> io::Result<()> {
        let name = promise.name(&self.prefix)?;
        fs::rename(self.state.path(&self.name), self.state.path(&name))?;
        (self.name, self.promise) = (name, promise);
        Ok(())
    }

    /// The file stays locked by another process that shares the lock.
    pub(super) const fn abandon(&mut self) {
        self.is_abandoned = true;
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) const fn room(&self) -> Extent {
        self.promise.room
    }

    pub(super) fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Its length, unless its name now belongs to another file or to none.
    #[cfg(unix)]
    fn len_in_place(&self) -> io::Result<u64> {
        use std::os::unix::fs::MetadataExt as _;
        let (open, found) = (self.file.metadata()?, fs::symlink_metadata(self.state.path(&self.name))?);
        match (open.dev(), open.ino()) == (found.dev(), found.ino()) {
            true => Ok(open.len()),
            false => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Windows deletes open files, too. Names are random, so a file of this name is this file.
    #[cfg(not(unix))]
    fn len_in_place(&self) -> io::Result<u64> {
        fs::symlink_metadata(self.state.path(&self.name))?;
        self.len()
    }

    /// Renews the lease, if the file is held by one. Returns whether another process has the file now, because this one was late.
    pub(super) fn is_lost(&self) -> bool {
        self.promise.is_held && renew_lease(&self.file).and_then(|()| self.len_in_place()).is_err()
    }

    /// Reads at most as much as one of our files can hold, even if another program made the file longer.
    pub(super) fn read(&mut self) -> io::Result<Vec<u8>> {
        self.file.rewind()?;
        read_at_most(&self.file, 2 * MAX_BYTES)
    }

    /// Whether the last line is complete. A killed process may have written a part of it.
    #[cfg(any(feature = "http", test))]
    pub(super) fn ends_a_line(&mut self) -> io::Result<bool> {
        if self.len()? == 0 {
            return Ok(true);
        }
        let mut last = [0];
        self.file.seek(io::SeekFrom::End(-1))?;
        self.file.read_exact(&mut last)?;
        Ok(last == *b"\n")
    }

    /// Adds lines with one write. If they do not fit, none of them stays. An error of the kind `NotFound` means that the file was
    /// deleted or replaced, so lines written to it would never be found.
    pub(super) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let before = self.len_in_place()?;
        append_to(&mut self.file, before, lines).inspect_err(|_| {
            let _ = self.file.set_len(before);
        })
    }

    pub(super) fn empty(&self) -> io::Result<()> {
        self.file.set_len(0)
    }

    pub(super) fn delete(&self) -> io::Result<()> {
        remove(&self.state.path(&self.name))
    }
}

impl Drop for Locked {
    /// A forked child shares the lock, and would hold it for its whole life if it were not released here.
    fn drop(&mut self) {
        if !self.is_abandoned {
            let _ = self.file.unlock();
        }
    }
}

/// Locks a file. Returns whether locks do not work here, so that the file must be held by a lease.
fn hold(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        Err(TryLockError::Error(_)) => Ok(true),
    }
}
