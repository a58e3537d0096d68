//! What outlives a process: one directory for each application, in the user's state directory.
//!
//! ```text
//! salt              32 random bytes, from which keys are derived
//! spool-*.ndjson    events that are still to be sent
//! sent*.ndjson      the last bodies that were sent
//! upload.lock       held by the one process that uploads for others
//! ```

pub(crate) mod private_file;
mod sent;

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::app_strategy::{AppStrategy, AppStrategyArgs, choose_app_strategy};

pub use self::sent::SentEvent;

/// The name of the file that holds the salt.
pub(crate) const SALT: &str = "salt";

/// The name of the file that one uploader holds at a time. It was last written when the last one was started.
pub(crate) const UPLOAD_LOCK: &str = "upload.lock";

/// The directory, which need not exist.
#[derive(Clone, Debug)]
pub(crate) struct StateDirectory {
    directory: PathBuf,
}

impl StateDirectory {
    /// `$XDG_STATE_HOME/<application>/telemetry`, by default below `~/.local/state`; where the platform has no such directory,
    /// its directory for data. Nothing when the user has none.
    pub(crate) fn find(application: &str) -> Option<Self> {
        let strategy =
            choose_app_strategy(AppStrategyArgs { app_name: application.to_owned(), ..AppStrategyArgs::default() })
                .ok()?;
        let parent = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
        parent.is_absolute().then(|| Self::at(parent.join("telemetry")))
    }

    pub(crate) const fn at(directory: PathBuf) -> Self {
        Self { directory }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Whether there is a directory that this user alone can write.
    pub(crate) fn is_there(&self) -> bool {
        fs::symlink_metadata(&self.directory).is_ok_and(|found| found.is_dir() && is_ours(&found))
    }

    /// Makes the directory if it is not there.
    pub(crate) fn make(&self) -> io::Result<()> {
        if self.is_there() {
            return Ok(());
        }
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.directory)?;
        if self.is_there() { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    /// The names in the directory that begin so, in order.
    pub(crate) fn names(&self, prefix: &str) -> Vec<String> {
        let entries = fs::read_dir(&self.directory).into_iter().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.starts_with(prefix))
            .collect();
        names.sort_unstable();
        names
    }

    /// The length of a file in bytes, or nothing.
    pub(crate) fn length(&self, name: &str) -> u64 {
        fs::symlink_metadata(self.path(name)).map_or(0, |found| found.len())
    }

    /// Whether a file was last written so long ago.
    pub(crate) fn is_older_than(&self, name: &str, age: Duration) -> bool {
        let written = fs::symlink_metadata(self.path(name)).and_then(|found| found.modified());
        written.is_ok_and(|written| written.elapsed().is_ok_and(|elapsed| elapsed > age))
    }

    /// Opens a file that is there, and is this user's own, for reading and appending.
    pub(crate) fn open(&self, name: &str) -> io::Result<File> {
        let file = options().read(true).append(true).open(self.path(name))?;
        check(file)
    }

    /// Makes a file that was not there, for reading and appending.
    pub(crate) fn create(&self, name: &str) -> io::Result<File> {
        options().read(true).append(true).create_new(true).open(self.path(name))
    }

    /// Opens a file for reading and appending, and makes it if it is not there.
    pub(crate) fn open_or_create(&self, name: &str) -> io::Result<File> {
        let file = options().read(true).append(true).create(true).open(self.path(name))?;
        check(file)
    }

    /// Deletes all that this crate has written there.
    pub(crate) fn erase(&self) -> io::Result<()> {
        self.delete(is_known)?;
        // What others put there stays, and so then does the directory.
        let _ = fs::remove_dir(&self.directory);
        Ok(())
    }

    /// Deletes the salt, and what depends on it.
    pub(crate) fn reset(&self) -> io::Result<()> {
        self.delete(|name| name == SALT || name.starts_with("spool-"))
    }

    fn delete(&self, which: impl Fn(&str) -> bool) -> io::Result<()> {
        if !self.is_there() {
            return Ok(());
        }
        for name in self.names("").iter().filter(|name| which(name)) {
            remove(&self.path(name))?;
        }
        Ok(())
    }
}

fn is_known(name: &str) -> bool {
    name == SALT || name == sent::NAME || name == sent::BEFORE || name == UPLOAD_LOCK || name.starts_with("spool-")
}

fn ignore_absence(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A symbolic link or a named pipe in place of a file leads nowhere, and holds up nobody.
fn options() -> OpenOptions {
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

fn check(file: File) -> io::Result<File> {
    let found = file.metadata()?;
    if found.is_file() && is_ours(&found) { Ok(file) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// Whether this user, and nobody else, may have written it.
#[cfg(unix)]
fn is_ours(found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o022 == 0
}

/// A user's own directories are closed to others by default.
#[cfg(not(unix))]
const fn is_ours(_: &Metadata) -> bool {
    true
}

pub(crate) fn read_at_most(file: &File, bytes: u64) -> io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut read = Vec::new();
    file.take(bytes).read_to_end(&mut read)?;
    Ok(read)
}

pub(crate) fn remove(path: &Path) -> io::Result<()> {
    ignore_absence(fs::remove_file(path))
}

#[cfg(test)]
mod tests;
