//! The largest file that this process may write (`ulimit -f`), treated as a full disk.
//!
//! The system ends a process with SIGXFSZ when it writes beyond that, unless the process has asked for something else. A host that writes
//! no file itself must not end because this crate does, so each write on a thread of the host's looks first.

use std::fs::File;
use std::io::{self, Write as _};

/// Appends to a file, unless it may not grow so far. Then nothing is written.
pub(crate) fn append(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    let length = file.metadata()?.len();
    append_to(file, length, bytes)
}

/// Appends to a file of this length.
pub(crate) fn append_to(file: &mut File, length: u64, bytes: &[u8]) -> io::Result<()> {
    check(length.saturating_add(bytes.len() as u64))?;
    file.write_all(bytes)
}

/// An error when a file may not have so many bytes.
#[cfg(unix)]
fn check(bytes: u64) -> io::Result<()> {
    use rustix::process::{Resource, getrlimit};
    match getrlimit(Resource::Fsize).current {
        Some(most) if bytes > most => Err(io::ErrorKind::FileTooLarge.into()),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
const fn check(_: u64) -> io::Result<()> {
    Ok(())
}
