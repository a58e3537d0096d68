//! The state directory: one for each application.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::owner::is_ours;
use super::paths::{self, Directory, Location};
use super::{NotDeleted, leads_nowhere, remove};

/// The directory, which need not exist.
#[derive(Clone, Debug)]
pub(crate) struct StateDirectory {
    location: Location,
}

impl StateDirectory {
    /// Returns `None` if the user has no state directory.
    pub(crate) fn find(application: &str) -> Option<Self> {
        Some(Self { location: Directory::State.locate(application)? })
    }

    #[cfg(test)]
    pub(crate) const fn at(path: PathBuf) -> Self {
        Self { location: Location { path, base: None } }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.location.path.join(name)
    }

    /// Whether the directory exists and only this user can write to it.
    pub(crate) fn is_there(&self) -> bool {
        fs::symlink_metadata(&self.location.path).is_ok_and(|found| found.is_dir() && is_ours(&found))
    }

    /// Creates the directory if it does not exist.
    pub(crate) fn make(&self) -> io::Result<()> {
        if !self.is_there() {
            self.location.make()?;
        }
        self.check()
    }

    /// A directory that others can write to, or a link to a directory, is not used.
    fn check(&self) -> io::Result<()> {
        let found = fs::symlink_metadata(&self.location.path)?;
        if found.is_dir() && is_ours(&found) { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    /// The names in the directory with this prefix, in order.
    pub(crate) fn names(&self, prefix: &str) -> Vec<String> {
        let mut names = self.all_names().unwrap_or_default();
        names.retain(|name| name.starts_with(prefix));
        names.sort_unstable();
        names
    }

    fn all_names(&self) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(&self.location.path)?;
        Ok(entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect())
    }

    /// The length of a file in bytes, or zero if it does not exist.
    pub(crate) fn length(&self, name: &str) -> u64 {
        fs::symlink_metadata(self.path(name)).map_or(0, |found| found.len())
    }

    /// Whether the last write to a file is older than `age`.
    pub(crate) fn is_older_than(&self, name: &str, age: Duration) -> bool {
        let written = fs::symlink_metadata(self.path(name)).and_then(|found| found.modified());
        written.is_ok_and(|written| written.elapsed().is_ok_and(|elapsed| elapsed > age))
    }

    /// Opens an existing file that belongs to this user, for reading and appending.
    pub(crate) fn open(&self, name: &str) -> io::Result<File> {
        self.check()?;
        check(options().read(true).append(true).open(self.path(name))?)
    }

    /// Creates a new file, for reading and appending.
    pub(crate) fn create(&self, name: &str) -> io::Result<File> {
        self.check()?;
        options().read(true).append(true).create_new(true).open(self.path(name))
    }

    /// Opens a file for reading and appending, and creates it if it does not exist.
    pub(crate) fn open_or_create(&self, name: &str) -> io::Result<File> {
        self.check()?;
        check(options().read(true).append(true).create(true).open(self.path(name))?)
    }

    /// Deletes all files of this crate, and the directory unless others have put something there.
    pub(crate) fn erase(&self) -> Result<(), NotDeleted> {
        self.delete(paths::is_state)?;
        let _ = fs::remove_dir(&self.location.path);
        Ok(())
    }

    /// Deletes the salt, and the files that depend on it.
    pub(crate) fn reset(&self) -> Result<(), NotDeleted> {
        self.delete(paths::is_under_id)
    }

    fn is_held(&self, name: &str) -> bool {
        self.open(name).is_ok_and(|file| matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)))
    }

    /// Deletes files wherever they are and whoever owns them, even where this crate would not write. After trying all of them, it reports
    /// the first that remains.
    fn delete(&self, which: impl Fn(&str) -> bool) -> Result<(), NotDeleted> {
        let names = match self.all_names() {
            Ok(names) => names,
            Err(error) if super::is_absence(&error) && !leads_nowhere(&self.location.path) => return Ok(()),
            Err(error) => return Err(NotDeleted { path: self.location.path.clone(), kind: error.kind() }),
        };
        // Deleting a lock while a process holds it would let a second process run beside it. The holder deletes the lock.
        let is_held = |name: &str| name == paths::UPLOAD_LOCK && self.is_held(name);
        let failures = names.iter().filter(|name| which(name) && !is_held(name)).filter_map(|name| {
            let path = self.path(name);
            let kind = remove(&path).err()?.kind();
            Some(NotDeleted { path, kind })
        });
        // All deletions are tried before the first failure is reported.
        failures.collect::<Vec<_>>().into_iter().next().map_or(Ok(()), Err)
    }
}

/// A symbolic link or a named pipe in place of a file is not opened, and cannot block.
pub(super) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    options
}

/// A file that others may have written is not used.
pub(super) fn check(file: File) -> io::Result<File> {
    let found = file.metadata()?;
    if found.is_file() && is_ours(&found) { Ok(file) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

#[cfg(test)]
mod tests;
