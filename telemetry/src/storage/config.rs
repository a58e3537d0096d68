//! The configuration directory, with small files that a user may inspect.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::location::{Location, is_config_named};
use super::paths::Directory;
use super::{is_absence, leads_nowhere, private_file, read_at_most, remove};

/// The directory, which need not exist.
#[derive(Clone, Debug)]
pub(crate) struct ConfigDirectory {
    location: Location,
}

/// Tells a file from the one that replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    length: u64,
    modified: Option<SystemTime>,
    inode: u64,
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

    pub(crate) fn directory(&self) -> &Path {
        &self.location.path
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.location.path.join(name)
    }

    /// Reads the first bytes of a file, if it exists, with one read-only open.
    pub(crate) fn read(&self, name: &str, most: usize) -> io::Result<Option<Vec<u8>>> {
        Ok(self.read_open(name, most)?.map(|(bytes, _)| bytes))
    }

    /// Like [`read`](Self::read), and leaves the file open.
    pub(crate) fn read_open(&self, name: &str, most: usize) -> io::Result<Option<(Vec<u8>, File)>> {
        let read = |file: File| Ok((read_at_most(&file, most as u64)?, file));
        match open(&self.path(name)).and_then(read) {
            Ok(found) => Ok(Some(found)),
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

    /// Like [`replace`](Self::replace), with bytes that depend on the file: no other program replaces it while they are made, where files can
    /// be locked. Without bytes, the file stays. Returns whether it was replaced.
    pub(crate) fn update(&self, name: &str, new: &str, bytes: impl FnOnce() -> Option<Vec<u8>>) -> io::Result<bool> {
        self.location.make()?;
        private_file::update(&self.location.path, name, new, bytes)
    }

    /// Like [`update`](Self::update), but only where files can be locked.
    pub(crate) fn update_alone(
        &self,
        name: &str,
        new: &str,
        bytes: impl FnOnce() -> Option<Vec<u8>>,
    ) -> io::Result<bool> {
        self.location.make()?;
        private_file::update_alone(&self.location.path, name, new, bytes)
    }

    /// The version of a file, if it exists and can be examined.
    pub(crate) fn version(&self, name: &str) -> Option<Version> {
        let found = fs::metadata(self.path(name)).ok()?;
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(&found);
        #[cfg(not(unix))]
        let inode = 0;
        Some(Version { length: found.len(), modified: found.modified().ok(), inode })
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

    /// Whether the home exists in which the directory is, if it is in one.
    pub(crate) fn has_home(&self) -> bool {
        self.location.has_home()
    }

    /// What is in the place of the directory, or of one above it.
    pub(crate) fn obstruction(&self) -> Option<&Path> {
        self.location.obstruction()
    }

    /// The directory that this process may not write to, although it would have to.
    pub(crate) fn unwritable(&self) -> Option<&Path> {
        self.location.unwritable()
    }

    /// Whether something that is no regular file has the name of this file.
    pub(crate) fn is_no_file(&self, name: &str) -> bool {
        fs::symlink_metadata(self.path(name)).is_ok_and(|found| !found.is_file())
    }

    /// Whether a directory has the name of this file.
    pub(crate) fn is_directory(&self, name: &str) -> bool {
        fs::symlink_metadata(self.path(name)).is_ok_and(|found| found.is_dir())
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
