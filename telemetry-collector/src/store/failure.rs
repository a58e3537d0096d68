//! What can go wrong when the store writes.

use rusqlite::ErrorCode;

/// Why nothing was written. The sender keeps what it has, and tries again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unavailable {
    /// As much waits to be written as may wait.
    #[error("too much waits to be written")]
    Busy,
    /// There is no room on the disk, or the file has its greatest size.
    #[error("the disk is full, or the file has its greatest size: make room or shorten the retention")]
    Full,
    /// The file cannot be written.
    #[error("the file cannot be written any more: make it and its directory writable")]
    ReadOnly,
    /// Another file is at its path, or none. What is written to the one that is open would be lost.
    #[error("the database file was removed or replaced; start the collector again")]
    Replaced,
    /// Another program holds the file.
    #[error("another program locks the file")]
    Locked,
    /// The file is damaged.
    #[error("the file is damaged: restore a backup")]
    Corrupt,
    /// The disk or the file system failed.
    #[error("reading or writing failed (SQLite's code {0})")]
    Failed(i32),
    /// The engine did not acknowledge it.
    #[cfg(feature = "clickhouse")]
    #[error(transparent)]
    Engine(#[from] crate::clickhouse::EngineError),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}

/// What went wrong with one arrival.
#[derive(Debug)]
pub(super) enum Failure {
    /// The arrival cannot be stored. Others can.
    Arrival,
    /// Nothing can be stored.
    Store(Unavailable),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        match code(&error) {
            Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig) => Self::Arrival,
            _ => Self::Store(error.into()),
        }
    }
}

impl From<rusqlite::Error> for Unavailable {
    fn from(error: rusqlite::Error) -> Self {
        match code(&error) {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt,
            _ => Self::Failed(extended(&error)),
        }
    }
}

pub(super) fn code(error: &rusqlite::Error) -> Option<ErrorCode> {
    error.sqlite_error_code()
}

fn extended(error: &rusqlite::Error) -> i32 {
    error.sqlite_error().map_or(0, |error| error.extended_code)
}
