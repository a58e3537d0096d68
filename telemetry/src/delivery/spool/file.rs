//! One spool file. Who writes or reads it holds a lock on it, which ends with the process at the latest.

use std::fs::{self, File};
use std::io::{self, Write as _};

use fs4::FileExt as _;

use crate::hex;
use crate::state::{State, remove};

/// A file that is locked by us, and its present name.
pub(super) struct Locked {
    state: State,
    name: String,
    pub(super) file: File,
}

impl Locked {
    /// A new file, which nobody else has seen unlocked and taken.
    pub(super) fn create(state: &State, prefix: &str) -> io::Result<Self> {
        let name = new_name(prefix)?;
        let file = state.create(&name)?;
        // Who looks for files that nobody holds may have been quicker.
        file.try_lock()?;
        Ok(Self {
            state: state.clone(),
            name,
            file,
        })
    }

    /// Takes over a file whose process has ended. The new name tells all others that came to the same idea.
    pub(super) fn claim(state: &State, name: &str, prefix: &str) -> io::Result<Self> {
        let file = state.open(name)?;
        file.try_lock()?;
        let claimed = new_name(prefix)?;
        fs::rename(state.path(name), state.path(&claimed))?;
        Ok(Self {
            state: state.clone(),
            name: claimed,
            file,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Adds a line with one write; of a line that did not fit, nothing stays.
    pub(super) fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let before = self.len()?;
        self.file.write_all(line).inspect_err(|_| {
            let _ = self.file.set_len(before);
        })
    }

    pub(super) fn delete(&self) -> io::Result<()> {
        remove(&self.state.path(&self.name))
    }
}

/// Names sort by the time at which they were given.
fn new_name(prefix: &str) -> io::Result<String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    Ok(format!("{prefix}{}.ndjson", hex::encode(&random)))
}
