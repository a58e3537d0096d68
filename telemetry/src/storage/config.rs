//! The directory for configuration, with small files that a user may look at.

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
    /// Nothing when the user has none.
    pub(crate) fn find(application: &str) -> Option<Self> {
        Some(Self { location: Directory::Config.locate(application)? })
    }

    /// As [`find`](Self::find), and without a system call: nothing unless the environment says where it lies.
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

    /// The first bytes of a file, if it is there, at the cost of one read-only open.
    pub(crate) fn read(&self, name: &str, most: usize) -> io::Result<Option<Vec<u8>>> {
        match open(&self.path(name)).and_then(|file| read_at_most(&file, most as u64)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether a file that is not there may be behind a link that leads nowhere now, as to a disk that is not mounted.
    pub(crate) fn leads_nowhere(&self, name: &str) -> bool {
        leads_nowhere(&self.path(name))
    }

    /// Writes a file: it is read as it was or as it will be, also after a crash. It is written under the name `new` first.
    pub(crate) fn replace(&self, name: &str, new: &str, bytes: &[u8]) -> io::Result<()> {
        self.location.make()?;
        private_file::replace(&self.location.path, name, new, bytes)
    }

    /// Adds to the end of a file.
    pub(crate) fn append(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.location.make()?;
        private_file::append(&self.path(name), bytes)
    }

    /// The length of a file in bytes, which is zero when it is not there.
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

    /// Whether this is root in the home of another user, where it makes nothing.
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
        // A named pipe in place of the file must not hold up the host.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options.open(path)
}
