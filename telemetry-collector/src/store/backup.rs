//! A copy of the file while it is written.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::open::PATIENCE;

/// As many pages are copied at a time.
const PAGES: i32 = 1_000;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// There is a file already.
    #[error("{0} exists: name a file that does not")]
    Exists(PathBuf),
    /// The copy cannot be created.
    #[error("{path} cannot be created: {error}")]
    Io {
        /// The copy.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Reading or writing failed.
    #[error("the copy was not finished: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

/// Copies what the connection sees at one moment, and removes the copy if it is not finished.
pub(super) fn backup(from: &Connection, to: &Path) -> Result<(), BackupError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(to).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(to.to_owned()),
        _ => BackupError::Io { path: to.to_owned(), error },
    })?;
    copy(from, to).inspect_err(|_| {
        let _ = std::fs::remove_file(to);
    })
}

fn copy(from: &Connection, to: &Path) -> Result<(), BackupError> {
    let mut copy = Connection::open(to)?;
    // A read transaction keeps what is copied as it is. Otherwise each write would begin the copy anew.
    let read = from.unchecked_transaction()?;
    read.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let backup = Backup::new(from, &mut copy)?;
    loop {
        match backup.step(PAGES)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            _ => std::thread::sleep(PATIENCE / 100),
        }
    }
}
