//! The state directory: one for each application.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use super::config::ConfigDirectory;
use super::location::Location;
use super::owner::is_ours;
use super::paths::{self, Directory};
use super::private_file::is_at;
use super::{NotDeleted, leads_nowhere, remove};

/// Number of further attempts to open a file that other processes create and put aside.
const ATTEMPTS: u32 = 20;

/// The directory, which need not exist.
#[derive(Clone)]
pub(crate) struct StateDirectory {
    location: Location,
    /// Whose it is: the user says no to an application, wherever its directory is.
    application: Option<Arc<str>>,
    latest_no: Arc<OnceLock<Option<No>>>,
    permit: Option<Permit>,
    /// The last wait for a turn was in vain.
    has_missed_turn: Arc<AtomicBool>,
}

/// The marker by which one no of a user is told from another.
pub(crate) type No = [u8; paths::WITHDRAWN_BYTES];

/// Whether files may be created now. It is asked after the directory was opened, so that a file cannot appear once a no has been stored
/// and the directory has been erased.
pub(crate) type Permit = Arc<dyn Fn() -> bool + Send + Sync>;

impl StateDirectory {
    /// Returns `None` if the user has no state directory.
    pub(crate) fn find(application: &str) -> Option<Self> {
        let found = Self::of(Directory::State.locate(application)?);
        Some(Self { application: Some(application.into()), ..found })
    }

    #[cfg(test)]
    pub(crate) fn at(path: PathBuf) -> Self {
        Self::of(Location { path, base: None })
    }

    pub(super) fn of(location: Location) -> Self {
        Self { location, application: None, latest_no: Arc::default(), permit: None, has_missed_turn: Arc::default() }
    }

    /// As it is found after this no.
    #[cfg(test)]
    pub(crate) fn after(self, no: Option<No>) -> Self {
        Self { application: Some("acme".into()), latest_no: Arc::new(OnceLock::from(no)), ..self }
    }

    /// Asks before it creates a file.
    pub(crate) fn permitted_by(self, permit: Permit) -> Self {
        Self { permit: Some(permit), ..self }
    }

    pub(super) const fn location(&self) -> &Location {
        &self.location
    }

    pub(super) fn has_missed_turn(&self) -> bool {
        self.has_missed_turn.load(Ordering::Relaxed)
    }

    pub(super) fn set_missed_turn(&self, has_missed: bool) {
        self.has_missed_turn.store(has_missed, Ordering::Relaxed);
    }

    /// The user's latest no to this application before it was first asked for, if there was one. A client that is on hears later ones.
    pub(crate) fn latest_no(&self) -> io::Result<Option<No>> {
        let Some(application) = &self.application else { return Ok(None) };
        if let Some(latest) = self.latest_no.get() {
            return Ok(*latest);
        }
        let config = ConfigDirectory::find(application);
        let marker = config.map_or(Ok(None), |config| config.read(paths::WITHDRAWN, paths::WITHDRAWN_BYTES))?;
        let latest = marker.map(|marker| {
            let mut no = No::default();
            no.iter_mut().zip(marker).for_each(|(to, from)| *to = from);
            no
        });
        Ok(*self.latest_no.get_or_init(|| latest))
    }

    /// Where it is, or would be.
    pub(crate) fn directory(&self) -> &Path {
        &self.location.path
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
    pub(super) fn check(&self) -> io::Result<()> {
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

    /// Opens an existing file that belongs to this user, for reading and appending. One process at a time appends to it.
    pub(crate) fn open(&self, name: &str) -> io::Result<File> {
        self.check()?;
        check(options().read(true).append(cfg!(unix)).write(cfg!(not(unix))).open(self.path(name))?)
    }

    /// Opens an existing file that belongs to this user, for reading and for writing anywhere in it.
    pub(crate) fn open_to_update(&self, name: &str) -> io::Result<File> {
        self.check()?;
        check(options().read(true).write(true).open(self.path(name))?)
    }

    /// Creates a new file, for reading and appending.
    pub(crate) fn create(&self, name: &str) -> io::Result<File> {
        self.create_at(name)
    }

    /// Opens a file for reading and appending, and creates it if it does not exist. One process at a time appends to it.
    pub(crate) fn open_or_create(&self, name: &str) -> io::Result<File> {
        or_create(|| self.open(name), || self.create(name))
    }

    /// Like [`open_or_create`](Self::open_or_create), but several processes can append to the file, and none can shorten it: Windows does
    /// not shorten a file that is opened for appending alone.
    pub(crate) fn open_to_append(&self, name: &str) -> io::Result<File> {
        let open = || check(options().read(true).append(true).open(self.path(name))?);
        self.check()?;
        or_create(open, || self.create(name).and_then(|_| open()))
    }

    /// Opens the directory itself.
    #[cfg(unix)]
    pub(super) fn open_directory(&self) -> io::Result<File> {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = OFlags::NOFOLLOW | OFlags::DIRECTORY;
        let directory =
            OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(&self.location.path)?;
        let found = directory.metadata()?;
        if found.is_dir() && is_ours(&found) { Ok(directory) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    /// On Windows, a directory cannot be locked.
    #[cfg(not(unix))]
    pub(super) fn open_directory(&self) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Whether this is the directory at its path.
    pub(super) fn is_at_its_path(&self, directory: &File) -> bool {
        is_at(directory, &self.location.path)
    }

    /// In a directory that has been erased since it was opened, the system creates no file.
    #[cfg(unix)]
    fn create_at(&self, name: &str) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, openat};
        let directory = self.open_directory()?;
        self.check_permit()?;
        let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        super::make::own(File::from(openat(directory, name, flags, Mode::RUSR | Mode::WUSR)?))
    }

    #[cfg(not(unix))]
    fn create_at(&self, name: &str) -> io::Result<File> {
        self.check()?;
        self.check_permit()?;
        options().read(true).write(true).create_new(true).open(self.path(name))
    }

    /// Whether files may be created now.
    pub(crate) fn is_permitted(&self) -> bool {
        self.permit.as_ref().is_none_or(|permit| permit())
    }

    fn check_permit(&self) -> io::Result<()> {
        if self.is_permitted() {
            return Ok(());
        }
        // The directory may have been made just now, for this file.
        let _ = fs::remove_dir(&self.location.path);
        Err(io::ErrorKind::PermissionDenied.into())
    }

    /// Deletes all files of this crate, and the directory unless others have put something there, as long as this is still due.
    ///
    /// Another process may create a file that it was about to create when the no was stored. Once the directory is gone, none can. If the
    /// directory stays, this looks again for some milliseconds.
    ///
    /// A yes may come at any time, and the files that follow it must stay. The first of them is made in a turn, so within a turn, what was
    /// due at its beginning stays due.
    pub(crate) fn erase_while(&self, is_due: impl Fn() -> bool) -> Result<(), NotDeleted> {
        self.erase_with(is_due, || thread::sleep(Duration::from_millis(1)))
    }

    fn erase_with(&self, is_due: impl Fn() -> bool, mut pause: impl FnMut()) -> Result<(), NotDeleted> {
        const ROUNDS: usize = 16;
        for round in 0..ROUNDS {
            // A process that has its turn for too long does not prevent the deletion.
            let turn = if round == 0 { self.take_turn_patiently() } else { self.take_turn() };
            if !is_due() {
                return Ok(());
            }
            self.delete(paths::is_state)?;
            match fs::remove_dir(&self.location.path) {
                Err(error) if !super::is_absence(&error) => {}
                _ => return Ok(()),
            }
            drop(turn);
            pause();
        }
        let is_left = |name: &String| paths::is_state(name) && name != paths::UPLOAD_LOCK;
        match self.names("").iter().find(|name| is_left(name)) {
            Some(name) => Err(NotDeleted { path: self.path(name), kind: io::ErrorKind::DirectoryNotEmpty }),
            None => Ok(()),
        }
    }

    /// Deletes the salt, and the files that depend on it.
    pub(crate) fn reset(&self) -> Result<(), NotDeleted> {
        self.delete(paths::is_under_id)
    }

    #[cfg(test)]
    pub(crate) fn erase(&self) -> Result<(), NotDeleted> {
        self.erase_while(|| true)
    }

    fn is_held(&self, name: &str) -> bool {
        let Ok(file) = self.open(name) else { return false };
        let locked = file.try_lock();
        if locked.is_ok() {
            // A child that is forked now shares the lock.
            let _ = file.unlock();
        }
        matches!(locked, Err(fs::TryLockError::WouldBlock))
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

/// Other processes may create the file, and put it aside, in the meantime.
fn or_create(open: impl Fn() -> io::Result<File>, create: impl Fn() -> io::Result<File>) -> io::Result<File> {
    let mut file = open();
    for _ in 0..ATTEMPTS {
        file = match file.as_ref().map_err(io::Error::kind) {
            Err(io::ErrorKind::NotFound) => create(),
            Err(io::ErrorKind::AlreadyExists) => open(),
            _ => break,
        };
    }
    file
}

/// A symbolic link or a named pipe in place of a file is not opened, and cannot block.
#[cfg(unix)]
pub(super) fn options() -> OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    options.mode(0o600).custom_flags(flags.bits().cast_signed());
    options
}

#[cfg(not(unix))]
pub(super) fn options() -> OpenOptions {
    OpenOptions::new()
}

/// A file that others may have written is not used.
pub(super) fn check(file: File) -> io::Result<File> {
    let found = file.metadata()?;
    if found.is_file() && is_ours(&found) { Ok(file) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

#[cfg(test)]
mod tests;
