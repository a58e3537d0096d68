//! The limit on the size of files that this process may write (`ulimit -f`). Reaching it is treated like a full disk.
//!
//! The system ends a process with SIGXFSZ when it writes beyond the limit, unless the process changed that. A host that writes no files
//! itself must not end because of this crate, so each write on a thread of the host checks the limit first.

use std::fs::File;
use std::io::{self, Write as _};

/// Appends to a file. Writes nothing if the result would exceed the limit.
pub(crate) fn append(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    let length = file.metadata()?.len();
    append_to(file, length, bytes)
}

/// Appends to a file that has this length.
pub(crate) fn append_to(mut file: &File, length: u64, bytes: &[u8]) -> io::Result<()> {
    check(length.saturating_add(bytes.len() as u64))?;
    // Elsewhere files are not opened for appending.
    #[cfg(not(unix))]
    io::Seek::seek(&mut file, io::SeekFrom::End(0))?;
    file.write_all(bytes)
}

/// Writes at this position, and nothing if the file may not grow so far.
pub(crate) fn write_at(file: &File, position: u64, bytes: &[u8]) -> io::Result<()> {
    check(position.saturating_add(bytes.len() as u64))?;
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::write_all_at(file, bytes, position);
    #[cfg(not(unix))]
    {
        let mut file = file;
        io::Seek::seek(&mut file, io::SeekFrom::Start(position))?;
        file.write_all(bytes)
    }
}

/// Fills `bytes` with what the file holds at this position.
pub(crate) fn read_at(file: &File, position: u64, bytes: &mut [u8]) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_exact_at(file, bytes, position);
    #[cfg(not(unix))]
    {
        let mut file = file;
        io::Seek::seek(&mut file, io::SeekFrom::Start(position))?;
        io::Read::read_exact(&mut file, bytes)
    }
}

/// Returns an error if a file may not reach this size. A sandbox may deny the question; then no limit is assumed.
#[cfg(all(unix, not(any(target_os = "haiku", target_os = "illumos", target_os = "redox", target_os = "solaris"))))]
fn check(bytes: u64) -> io::Result<()> {
    use nix::sys::resource::{Resource, getrlimit};
    #[allow(clippy::useless_conversion, reason = "its type differs by system")]
    match getrlimit(Resource::RLIMIT_FSIZE) {
        // Where there is no limit, this is the largest number.
        Ok((most, _)) if u64::try_from(most).is_ok_and(|most| bytes > most) => Err(io::ErrorKind::FileTooLarge.into()),
        _ => Ok(()),
    }
}

#[cfg(not(all(
    unix,
    not(any(target_os = "haiku", target_os = "illumos", target_os = "redox", target_os = "solaris"))
)))]
const fn check(_: u64) -> io::Result<()> {
    Ok(())
}
