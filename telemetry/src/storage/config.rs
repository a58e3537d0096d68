//! The configuration directory, with small files that a user may inspect.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::paths::{Directory, Location, is_config_named};
use super::{is_absence, leads_nowhere, private_file, read_at_most, remove};

/// The directory, which need not exist.
#[derive(Clone, Debug)]
pub(crate) struct ConfigDirectory {
    location: Location,
}

impl ConfigDirectory {
    /// Returns `None` if the user has no configuration directory.
    pub(crate) fn find(application: &str) -> Option<Self> {
        Some(Self { location: Directory::Config.locate(application)? })
    }

    /// Like [`find`](Self::find), but without a system call: `None` unless the environment names the location.
    pub(crate) fn find_named(application: &str) -> Option<Self> {
        if is_config_named() { Self::find(application) } else { None }
    }

    #[cfg(test)]
    pub(crate) const fn at(path: PathBuf) -> Self {
        Self { location: Location { path, base: None } }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.location.path.join(name)
    }

    /// Reads the first bytes of a file, if it exists, with one read-only open.
    pub(crate) fn read(&self, name: &str, most: usize) -> io::Result<Option<Vec<u8>>> {
        match open(&self.path(name)).and_then(|file| read_at_most(&file, most as u64)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether a missing file may be behind a link whose target is currently absent, such as on an unmounted disk.
    pub(crate) fn leads_nowhere(&self, name: &str) -> bool {
        leads_nowhere(&self.path(name))
    }

    /// Writes a file atomically: a reader sees either the old or the new content, even after a crash. It is first written under the name
    /// `new`.
    pub(crate) fn replace(&self, name: &str, new: &str, bytes: &[u8]) -> io::Result<()> {
        self.location.make()?;
        private_file::replace(&self.location.path, name, new, bytes)
    }

    /// Appends to a file.
    pub(crate) fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.location.make()?;
        private_file::append(&self.path(name), bytes)
    }

    /// The length of a file in bytes, or zero if it does not exist.
    pub(crate) fn length(&self, name: &str) -> io::Result<u64> {
        match fs::metadata(self.path(name)) {
            Ok(found) => Ok(found.len()),
            Err(error) if is_absence(&error) => Ok(0),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        remove(&self.path(name))
    }

    /// Whether root runs in another user's home, where it creates nothing.
    pub(crate) fn is_another_users(&self) -> bool {
        self.location.is_another_users()
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // A named pipe in place of the file must not block the host.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options.open(path)
}
