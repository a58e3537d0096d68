use std::io;

use serde::Serialize;

/// Why events cannot be kept on disk, or what is sent cannot be recorded there. Events are then delivered from memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Problem {
    /// The user has no home, or it is not there, so there is no state directory.
    NoDirectory,
    /// The state directory cannot be written, others can write to it too, or the user's choice is unreadable or no longer a yes.
    NotPermitted,
    /// The file that is needed can be neither read nor written, or is not a file of this user alone: `salt` for events to be kept, and
    /// `sent.ndjson` for what is sent to be recorded.
    FileUnusable,
    /// 1 MiB or 500 events are already waiting.
    Full,
    /// Another process is changing the files and does not go on, and they are nearly full.
    Busy,
    /// The disk or the user's quota of it is full, or files may not grow (`ulimit -f`).
    DiskFull,
    /// Another system error.
    Other,
}

impl Problem {
    /// Why the state directory cannot be used.
    pub(super) fn of_directory(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::NoDirectory } else { error.into() }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // The limit of this crate. That of a disk is an error of the system.
            io::ErrorKind::QuotaExceeded if error.raw_os_error().is_none() => Self::Full,
            io::ErrorKind::WouldBlock => Self::Busy,
            io::ErrorKind::QuotaExceeded | io::ErrorKind::StorageFull | io::ErrorKind::FileTooLarge => Self::DiskFull,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::NotADirectory => {
                Self::NotPermitted
            }
            _ => Self::Other,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use nix::errno::Errno;

    use super::*;

    #[test]
    fn the_limit_of_waiting_events_is_told_from_that_of_the_user() {
        assert_eq!(Problem::from(io::Error::from(io::ErrorKind::QuotaExceeded)), Problem::Full);
        assert_eq!(Problem::from(io::Error::from_raw_os_error(Errno::EDQUOT as i32)), Problem::DiskFull);
    }
}
