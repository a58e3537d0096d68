//! Opens the file, or says why not. A file that is not a collector's is never changed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::failure::{Unavailable, code};
use super::{Limits, layout};

/// How long a connection waits for a lock of another one.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// A larger file is not read as a whole when it is opened.
const MOST_CHECKED: u64 = 64 << 20;

/// The start of a file of SQLite, in which its format, its application and its size are.
const HEAD: usize = 100;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file is something else.
    #[error("{0} is not a file of telemetry-collector: name another file, which will be created")]
    Foreign(PathBuf),
    /// The file does not exist.
    #[error("there is no database {0}: name another one with --database; `serve` makes it")]
    Missing(PathBuf),
    /// A newer version of the collector wrote the file.
    #[error(
        "{path} has format {format}, which a newer telemetry-collector wrote: update this one, or name another file"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: i32,
    },
    /// A version of the collector wrote the file before the first release.
    #[error("{path} has format {format}, which was never released: name another file, which will be created")]
    Older {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: i32,
    },
    /// The file is damaged.
    #[error("{0} is damaged: restore a backup, or name another file and keep this one for `sqlite3 FILE .recover`")]
    Corrupt(PathBuf),
    /// The file cannot be written.
    #[error("{0} cannot be written: make it and its directory writable for this user")]
    ReadOnly(PathBuf),
    /// The file cannot be read or created.
    #[error("{path} cannot be opened: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// SQLite could not open the file.
    #[error("{path} cannot be opened: {reason}")]
    Unavailable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: Unavailable,
    },
    /// The thread that writes could not be started.
    #[error("no thread could be started: {0}")]
    Thread(io::Error),
}

/// Opens the file, or creates it.
pub(super) fn open(path: &Path, limits: &Limits) -> Result<Connection, OpenError> {
    if !has_content(path)? {
        create(path)?;
    }
    let size = check_head(path)?;
    let sorted = |error| sort(path, error);
    let connection = connect(path).map_err(sorted)?;
    if connection.is_readonly("main").map_err(sorted)? {
        return Err(OpenError::ReadOnly(path.to_owned()));
    }
    check_marks(path, &connection)?;
    if size <= MOST_CHECKED {
        check_pages(path, &connection)?;
    }
    configure(&connection, limits).map_err(sorted)?;
    Ok(connection)
}

fn has_content(path: &Path) -> Result<bool, OpenError> {
    match fs::metadata(path) {
        Ok(found) => Ok(!found.is_file() || found.len() > 0),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(path, error)),
    }
}

/// Makes a whole file beside the path, then names it so. A crash leaves no half of a file at the path.
fn create(path: &Path) -> Result<(), OpenError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = PathBuf::from(beside);
    let made = fill(path, &beside).and_then(|()| place(&beside, path));
    let _ = fs::remove_file(&beside);
    made
}

fn fill(path: &Path, beside: &Path) -> Result<(), OpenError> {
    let _ = fs::remove_file(beside);
    private(beside).map_err(|error| failed(path, error))?;
    let connection = connect(beside).map_err(|error| sort(path, error))?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(|error| sort(path, error))?;
    layout::create(&connection).map_err(|error| sort(path, error))
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn place(beside: &Path, path: &Path) -> Result<(), OpenError> {
    let is_empty = || fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() == 0);
    match fs::hard_link(beside, path) {
        Ok(()) => Ok(()),
        // Somebody made the file in the meantime; if it is not empty, it is opened as it is.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && !is_empty() => Ok(()),
        // The file is empty, or the file system has no links.
        Err(_) => fs::rename(beside, path).map_err(|error| failed(path, error)),
    }
}

/// Reads the head before SQLite does, which would recover a foreign file from its journal. Gives the size of the file.
fn check_head(path: &Path) -> Result<u64, OpenError> {
    let mut file = File::open(path).map_err(|error| failed(path, error))?;
    let found = file.metadata().map_err(|error| failed(path, error))?;
    let mut head = [0; HEAD];
    let is_ours = found.is_file()
        && file.read_exact(&mut head).is_ok()
        && head.starts_with(b"SQLite format 3\0")
        && number_at(&head, 68) == Some(layout::APPLICATION);
    if !is_ours {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    check_format(path, number_at(&head, 60).unwrap_or_default())?;
    Ok(found.len())
}

fn number_at(head: &[u8; HEAD], at: usize) -> Option<i32> {
    head.get(at..at + 4)?.try_into().ok().map(i32::from_be_bytes)
}

fn check_format(path: &Path, format: i32) -> Result<(), OpenError> {
    match format {
        layout::FORMAT => Ok(()),
        ..=0 => Err(OpenError::Corrupt(path.to_owned())),
        1..layout::FORMAT => Err(OpenError::Older { path: path.to_owned(), format }),
        _ => Err(OpenError::Newer { path: path.to_owned(), format }),
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(connection)
}

/// The log may be newer than the head of the file.
fn check_marks(path: &Path, connection: &Connection) -> Result<(), OpenError> {
    let read = |name| connection.pragma_query_value(None, name, |row| row.get(0)).map_err(|error| sort(path, error));
    if read("application_id")? != layout::APPLICATION {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    check_format(path, read("user_version")?)
}

fn check_pages(path: &Path, connection: &Connection) -> Result<(), OpenError> {
    let answer: String =
        connection.pragma_query_value(None, "quick_check", |row| row.get(0)).map_err(|error| sort(path, error))?;
    if answer == "ok" { Ok(()) } else { Err(OpenError::Corrupt(path.to_owned())) }
}

fn configure(connection: &Connection, limits: &Limits) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -8 * 1024)?;
    // Ids are random, so a large group changes most pages of their index. In a longer log they are changed several times before they are copied.
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 8_000, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", 64 << 20, |_| Ok(()))?;
    if let Some(bytes) = limits.file_bytes {
        let page: u64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let pages = i64::try_from(bytes / page.max(1)).unwrap_or(i64::MAX);
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(())
}

fn failed(path: &Path, error: io::Error) -> OpenError {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => OpenError::ReadOnly(path.to_owned()),
        _ => OpenError::Io { path: path.to_owned(), error },
    }
}

pub(super) fn sort(path: &Path, error: rusqlite::Error) -> OpenError {
    use rusqlite::ErrorCode as Code;
    match code(&error) {
        Some(Code::NotADatabase | Code::DatabaseCorrupt) => OpenError::Corrupt(path.to_owned()),
        Some(Code::ReadOnly | Code::PermissionDenied | Code::CannotOpen) => OpenError::ReadOnly(path.to_owned()),
        Some(_) => OpenError::Unavailable { path: path.to_owned(), reason: error.into() },
        // A value of the file has another type than it must have.
        None => OpenError::Corrupt(path.to_owned()),
    }
}
