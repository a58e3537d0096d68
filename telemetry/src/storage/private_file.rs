//! Small files that only their user may read.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::file_limit::{self, append_to};
use super::make::{make_directory, own};
use super::state::{check, options};

/// Number of attempts to lock a file that others hold only briefly, and the pauses between them.
const ATTEMPTS: u32 = 200;
const PAUSE: Duration = Duration::from_millis(1);

/// After this time, a process that waits for its turn may go on without one.
const WAIT: Duration = PAUSE.saturating_mul(ATTEMPTS);

/// A temporary file of this age belongs to a process that was killed.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// Writes a file atomically: a reader sees either the old or the new content, even after a crash. On Unix it has the mode 0600.
///
/// It is first written under the name `new`. Processes take turns by locking that file, and a killed process leaves it to the next. Where
/// locks do not work, the name gets a random suffix. So it does on Windows, where it could not be told whether a file that was locked has
/// been renamed in the meantime.
pub(crate) fn replace(directory: &Path, name: &str, new: &str, bytes: &[u8]) -> io::Result<()> {
    write(directory, name, new, bytes, get_turn(directory, new)?)
}

/// Like [`replace`], with bytes that are made when it is this process's turn. Without bytes, the file stays. Returns whether it was replaced.
pub(crate) fn update(
    directory: &Path,
    name: &str,
    new: &str,
    bytes: impl FnOnce() -> Option<Vec<u8>>,
) -> io::Result<bool> {
    update_in(get_turn(directory, new)?, directory, name, new, bytes)
}

/// Like [`update`], but only where files can be locked, and in a turn that is over before another process goes on without one.
pub(crate) fn update_alone(
    directory: &Path,
    name: &str,
    new: &str,
    bytes: impl FnOnce() -> Option<Vec<u8>>,
) -> io::Result<bool> {
    let mut turn = if cfg!(unix) { take_turn(directory, new)? } else { return Err(io::ErrorKind::Unsupported.into()) };
    turn.until = Some(Instant::now() + WAIT / 2);
    update_in(turn, directory, name, new, bytes)
}

fn update_in(
    turn: New,
    directory: &Path,
    name: &str,
    new: &str,
    bytes: impl FnOnce() -> Option<Vec<u8>>,
) -> io::Result<bool> {
    bytes().map_or(Ok(false), |bytes| write(directory, name, new, &bytes, turn).map(|()| true))
}

fn get_turn(directory: &Path, new: &str) -> io::Result<New> {
    let turn = if cfg!(unix) { take_turn(directory, new) } else { Err(io::ErrorKind::Unsupported.into()) };
    turn.or_else(|_| New::with_random_name(directory, new))
}

fn write(directory: &Path, name: &str, new: &str, bytes: &[u8], written: New) -> io::Result<()> {
    written.file.set_len(0)?;
    append_to(&written.file, 0, bytes)?;
    written.file.sync_all()?;
    written.rename(&directory.join(name))?;
    remove_abandoned(directory, new);
    sync(directory);
    Ok(())
}

/// A file that will replace another. It is deleted if it does not.
struct New {
    path: PathBuf,
    file: File,
    has_moved: bool,
    /// When it is too late to replace the other.
    until: Option<Instant>,
}

impl New {
    fn with_random_name(directory: &Path, name: &str) -> io::Result<Self> {
        let path = directory.join(random_name(&format!("{name}."))?);
        let file = own(options().write(true).create_new(true).open(&path)?)?;
        Ok(Self { path, file, has_moved: false, until: None })
    }

    fn rename(mut self, to: &Path) -> io::Result<()> {
        if self.until.is_some_and(|until| Instant::now() > until) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        fs::rename(&self.path, to)?;
        self.has_moved = true;
        Ok(())
    }
}

impl Drop for New {
    fn drop(&mut self) {
        if !self.has_moved && is_at(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Opens and locks the file of this name. The previous holder may have renamed it in the meantime, so this is checked.
fn take_turn(directory: &Path, name: &str) -> io::Result<New> {
    let path = directory.join(name);
    for _ in 0..ATTEMPTS {
        let file = own(check(options().write(true).create(true).truncate(false).open(&path)?)?)?;
        match file.try_lock() {
            Ok(()) if is_at(&file, &path) => return Ok(New { path, file, has_moved: false, until: None }),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => {
                // Where locks do not work, no process can use the file.
                let _ = fs::remove_file(&path);
                return Err(error);
            }
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}

/// Whether this is the file at this path.
#[cfg(unix)]
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(open), Ok(there)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    (open.dev(), open.ino()) == (there.dev(), there.ino())
}

/// On Windows, files cannot be told apart without platform-specific code.
#[cfg(not(unix))]
pub(super) fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Deletes the files left by killed processes where locks do not work.
fn remove_abandoned(directory: &Path, name: &str) {
    let start = format!("{name}.");
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(start.as_bytes())) {
        let written = entry.metadata().and_then(|found| found.modified());
        if written.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > ABANDONED)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A unique file name.
pub(crate) fn random_name(start: &str) -> io::Result<String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    Ok(format!("{start}{}", base16ct::lower::encode_string(&random)))
}

/// Appends to a file with one write. Creates the file and its directories if needed, on Unix with the modes 0600 and 0700.
pub(crate) fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_directory(path.parent().ok_or(io::ErrorKind::InvalidInput)?)?;
    let mut options = OpenOptions::new();
    options.append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.clone().create_new(true).open(path) {
        Ok(created) => own(created)?,
        // Also a link that leads nowhere.
        Err(_) => options.create(true).open(path)?,
    };
    file_limit::append(&mut file, bytes)
}

/// The rename itself must also survive a crash, or a withdrawn consent could reappear. Not every directory can be synchronized, such as one
/// that may not be listed. By now every reader sees the new content, so no error may tell that it was not written.
fn sync(directory: &Path) {
    if cfg!(unix) {
        let _ = File::open(directory).and_then(|directory| directory.sync_all());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "file.new";

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_nothing_else_stays() {
        let home = tempfile::tempdir().unwrap();
        replace(home.path(), "file", NEW, b"long before").unwrap();
        replace(home.path(), "file", NEW, b"after").unwrap();
        assert_eq!(fs::read(home.path().join("file")).unwrap(), b"after");
        assert_eq!(names(home.path()), ["file"]);
    }

    /// A killed process leaves at most one file, and the next one reuses it.
    #[cfg(unix)]
    #[test]
    fn what_a_killed_process_left_behind_is_used_by_the_next() {
        let home = tempfile::tempdir().unwrap();
        drop(options().write(true).create(true).truncate(false).open(home.path().join(NEW)).unwrap());
        fs::write(home.path().join(NEW), "longer than what comes").unwrap();
        replace(home.path(), "file", NEW, b"after").unwrap();
        assert_eq!(fs::read(home.path().join("file")).unwrap(), b"after");
        assert_eq!(names(home.path()), ["file"]);
    }

    #[test]
    fn where_there_is_no_turn_the_name_is_random_and_what_was_abandoned_is_deleted() {
        let home = tempfile::tempdir().unwrap();
        // No file can be opened here, as where locks do not work.
        fs::create_dir(home.path().join(NEW)).unwrap();
        let abandoned = home.path().join("file.new.0123456789abcdef");
        File::create(&abandoned).unwrap().set_modified(SystemTime::now() - 2 * ABANDONED).unwrap();
        File::create(home.path().join("file.new.in-use")).unwrap();
        replace(home.path(), "file", NEW, b"after").unwrap();
        assert_eq!(fs::read(home.path().join("file")).unwrap(), b"after");
        let mut names = names(home.path());
        names.sort_unstable();
        assert_eq!(names, ["file", "file.new", "file.new.in-use"]);
    }

    #[test]
    fn many_write_at_once_and_each_succeeds() {
        let home = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let directory = home.path();
                scope.spawn(move || {
                    for _ in 0..20 {
                        replace(directory, "file", NEW, [thread; 20].as_slice()).unwrap();
                        let read = fs::read(directory.join("file")).unwrap();
                        assert!(read.len() == 20 && read.iter().all(|byte| *byte == read[0]), "{read:?}");
                    }
                });
            }
        });
        assert_eq!(names(home.path()), ["file"]);
    }

    #[test]
    fn what_is_appended_comes_after_what_is_there() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/file");
        append(&path, b"one").unwrap();
        append(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"onetwo");
    }

    #[cfg(unix)]
    #[test]
    fn a_turn_alone_ends_before_others_go_on_without_theirs() {
        let home = tempfile::tempdir().unwrap();
        replace(home.path(), "file", NEW, b"before").unwrap();
        let slow = update_alone(home.path(), "file", NEW, || {
            thread::sleep(WAIT / 2);
            Some(b"after".to_vec())
        });
        assert_eq!(slow.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(fs::read(home.path().join("file")).unwrap(), b"before");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_may_read_it() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("a/b");
        let path = directory.join("file");
        append(&path, b"x").unwrap();
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&directory, "file", NEW, b"x").unwrap();
        assert_eq!(mode(&path), 0o600);
        assert_eq!((mode(&directory), mode(&home.path().join("a"))), (0o700, 0o700));

        let elsewhere = home.path().join("elsewhere");
        fs::write(&elsewhere, b"untouched").unwrap();
        fs::remove_file(&path).unwrap();
        symlink(&elsewhere, &path).unwrap();
        symlink(&elsewhere, directory.join(NEW)).unwrap();
        replace(&directory, "file", NEW, b"x").unwrap();
        assert_eq!(fs::read(&elsewhere).unwrap(), b"untouched");
    }
}
