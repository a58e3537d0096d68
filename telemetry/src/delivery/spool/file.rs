//! One spool file. A process that reads or writes it holds a lock on it, which ends with the process at the latest.
//!
//! Where files cannot be locked, the process holds a lease instead: the file's name says so, and its date tells since when. A process that
//! does not renew its lease has lost the file to the next one. Where one machine can lock the files of a home and another cannot, the other
//! takes a file without a mark once nothing has been written to it for the length of a lease.

use std::fs::{self, File, TryLockError};
#[cfg(any(feature = "http", test))]
use std::io::Read as _;
use std::io::{self, Seek as _};

use super::name::{Hold, Promise};
use super::{Extent, MAX_BYTES};
use crate::storage::{Kept, StateDirectory, Turn, append_to, is_lease_over, read_at_most, remove, renew_lease};

/// A file that this process holds, and its current name.
pub(super) struct Locked {
    state: StateDirectory,
    prefix: String,
    name: String,
    promise: Promise,
    file: Kept,
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
            let hold = if turn.is_exclusive() { Hold::ByLock } else { Hold::ByLease };
            let promise = Promise { room, hold };
            let name = promise.name(prefix)?;
            let file = Kept::new(state.create(&name)?)?;
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
        let hold = hold(&self.file)?;
        if hold != self.promise.hold {
            let renamed = self.rename(Promise { hold, ..self.promise });
            renamed.inspect_err(|_| drop(self.delete()))?;
        }
        // A process that could not wait for its turn may have taken the file before it was locked, and given it back since.
        self.len_in_place()?;
        Ok(self)
    }

    /// Takes over a file whose process has ended. From then on it may hold this much more.
    pub(super) fn claim(_: &Turn, state: &StateDirectory, name: &str, prefix: &str, more: Extent) -> io::Result<Self> {
        let file = Kept::new(state.open(name)?)?;
        let hold = hold(&file)?;
        let found = Promise::of(name);
        let is_free = match found.map_or(Hold::ByLock, |promise| promise.hold) {
            Hold::Left => true,
            Hold::ByLease => is_lease_over(&file),
            Hold::ByLock => hold == Hold::ByLock || is_lease_over(&file),
        };
        if !is_free {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        if hold == Hold::ByLease {
            renew_lease(&file)?;
        }
        let length = file.metadata()?.len();
        let room = found.map_or(Extent { bytes: length, events: usize::MAX }, |promise| promise.room);
        let room = Extent { bytes: room.bytes.max(length), ..room } + more;
        let promise = Promise { room, hold };
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
        let is_lease = self.promise.hold == Hold::ByLease;
        if changes || is_lease {
            let hold = if is_lease { Hold::Left } else { self.promise.hold };
            let _ = self.rename(Promise { room, hold });
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
        match self.is_named(&self.name) {
            true => self.len(),
            false => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Windows deletes open files, too. Names are random, so a file of this name is this file.
    #[cfg(not(unix))]
    fn len_in_place(&self) -> io::Result<u64> {
        fs::symlink_metadata(self.state.path(&self.name))?;
        self.len()
    }

    #[cfg(unix)]
    fn is_named(&self, name: &str) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        let (Ok(open), Ok(found)) = (self.file.metadata(), fs::symlink_metadata(self.state.path(name))) else {
            return false;
        };
        (open.dev(), open.ino()) == (found.dev(), found.ino())
    }

    /// Renews the lease, if the file is held by one. Returns whether another process has the file now, because this one was late.
    pub(super) fn is_lost(&self) -> bool {
        if self.promise.hold == Hold::ByLease {
            let _ = self.file.check().and_then(|()| renew_lease(&self.file));
        }
        self.len_in_place().is_err() && self.is_taken()
    }

    /// Whether another process has taken over the file, as opposed to a user who has deleted it. The other one has given it a new name, and
    /// empties it before it deletes it.
    #[cfg(unix)]
    fn is_taken(&self) -> bool {
        self.len().is_ok_and(|length| length == 0)
            || self.state.names(&self.prefix).iter().any(|name| self.is_named(name))
    }

    /// On Windows, the two cannot be told apart.
    #[cfg(not(unix))]
    fn is_taken(&self) -> bool {
        self.promise.hold == Hold::ByLease
    }

    /// Reads at most as much as one of our files can hold, even if another program made the file longer.
    pub(super) fn read(&mut self) -> io::Result<Vec<u8>> {
        (&*self.file).rewind()?;
        read_at_most(&self.file, 2 * MAX_BYTES)
    }

    /// Whether the last line is complete. A killed process may have written a part of it.
    #[cfg(any(feature = "http", test))]
    pub(super) fn ends_a_line(&mut self) -> io::Result<bool> {
        if self.len()? == 0 {
            return Ok(true);
        }
        let mut last = [0];
        let mut file = &*self.file;
        file.seek(io::SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        Ok(last == *b"\n")
    }

    /// Adds lines with one write. If they do not fit, none of them stays. An error of the kind `NotFound` means that the file was
    /// deleted or replaced, so lines written to it would never be found.
    pub(super) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let before = self.len_in_place()?;
        append_to(&self.file, before, lines).inspect_err(|_| {
            let _ = self.file.set_len(before);
        })
    }

    /// Removes all lines. An error of the kind `NotFound` means the same as for [`append`](Self::append): another process may have taken the
    /// file and added lines of its own.
    pub(super) fn empty(&self) -> io::Result<()> {
        self.file.check()?;
        self.len_in_place()?;
        self.file.set_len(0)
    }

    /// Deletes the file, whose events are elsewhere now.
    pub(super) fn delete_moved(&self) -> io::Result<()> {
        let _ = self.empty();
        self.delete()
    }

    pub(super) fn delete(&self) -> io::Result<()> {
        remove(&self.state.path(&self.name))
    }
}

impl Drop for Locked {
    /// A forked child shares the lock, and would hold it for its whole life if it were not released here.
    fn drop(&mut self) {
        if !self.is_abandoned && self.file.check().is_ok() {
            let _ = self.file.unlock();
        }
    }
}

/// Locks a file, or finds that files cannot be locked here.
fn hold(file: &File) -> io::Result<Hold> {
    match file.try_lock() {
        Ok(()) => Ok(Hold::ByLock),
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => Err(error),
        Err(TryLockError::Error(_)) => Ok(Hold::ByLease),
    }
}
