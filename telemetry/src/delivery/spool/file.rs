//! One spool file. A process that reads or writes it holds a lock on it, which ends with the process at the latest.

use std::fs::{self, File};
use std::io::{self, Seek as _};

use data_encoding::HEXLOWER;

use super::MAX_BYTES;
use crate::storage::{StateDirectory, append_to, read_at_most, remove};

/// A file that this process has locked, and its current name.
pub(super) struct Locked {
    state: StateDirectory,
    name: String,
    file: File,
    is_abandoned: bool,
}

/// How many times other processes may take a new file before this one has locked it.
const ATTEMPTS: usize = 8;

impl Locked {
    /// Creates a file. A process that looks for free files may lock it first; then another file is created.
    pub(super) fn create(state: &StateDirectory, prefix: &str) -> io::Result<Self> {
        let mut last = io::Error::from(io::ErrorKind::WouldBlock);
        for _ in 0..ATTEMPTS {
            let name = new_name(prefix)?;
            let file = state.create(&name)?;
            match Self::lock(state, &name, file, prefix) {
                Ok(locked) => return Ok(locked),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Takes over a file whose process has ended.
    pub(super) fn claim(state: &StateDirectory, name: &str, prefix: &str) -> io::Result<Self> {
        Self::lock(state, name, state.open(name)?, prefix)
    }

    /// The new name tells a process that opened the file under the old one that it is too late, even after the lock is released.
    fn lock(state: &StateDirectory, name: &str, file: File, prefix: &str) -> io::Result<Self> {
        file.try_lock()?;
        let claimed = new_name(prefix)?;
        fs::rename(state.path(name), state.path(&claimed))?;
        Ok(Self { state: state.clone(), name: claimed, file, is_abandoned: false })
    }

    /// The file stays locked by another process that shares the lock.
    pub(super) const fn abandon(&mut self) {
        self.is_abandoned = true;
    }

    pub(super) fn name(&self) -> &str {
        &self.name
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

    /// Elsewhere an open file can be neither deleted nor replaced.
    #[cfg(not(unix))]
    fn len_in_place(&self) -> io::Result<u64> {
        self.len()
    }

    /// Reads at most as much as one of our files can hold, even if another program made the file longer.
    pub(super) fn read(&mut self) -> io::Result<Vec<u8>> {
        self.file.rewind()?;
        read_at_most(&self.file, 2 * MAX_BYTES)
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

fn new_name(prefix: &str) -> io::Result<String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    Ok(format!("{prefix}{}.ndjson", HEXLOWER.encode(&random)))
}
