//! The data that outlives a process: the user's choice, and telemetry's files for an application. [`paths`] lists every file.

mod config;
mod examine;
mod file_limit;
mod kept;
pub(crate) mod line;
pub(crate) mod location;
mod make;
mod owner;
pub(crate) mod paths;
pub(crate) mod private_file;
mod sent;
mod state;
mod turn;

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use telemetry_spec::word::is_visible;

pub(crate) use self::config::{ConfigDirectory, Version};
pub(crate) use self::file_limit::{append, append_to, read_at, write_at};
pub(crate) use self::kept::Kept;
pub(crate) use self::owner::Author;
#[cfg(feature = "http")]
pub(crate) use self::paths::UPLOAD_LOCK;
pub use self::sent::SentEvent;
pub(crate) use self::state::{No, Permit, StateDirectory};
#[cfg(all(test, unix))]
pub(crate) use self::turn::LEASE;
pub(crate) use self::turn::{Turn, is_lease_over, renew_lease};

/// A file of this crate that could not be deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotDeleted {
    pub(crate) path: PathBuf,
    pub(crate) kind: io::ErrorKind,
}

pub(crate) fn read_at_most(file: &File, bytes: u64) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    file.take(bytes).read_to_end(&mut read)?;
    Ok(read)
}

/// Reads at most the first bytes of a regular file, also through links. Opening a device can have effects, and a pipe can block forever.
pub(crate) fn read_regular(path: &Path, bytes: u64) -> io::Result<Vec<u8>> {
    let check = |found: &Metadata| if found.is_file() { Ok(()) } else { Err(io::ErrorKind::InvalidInput) };
    check(&fs::metadata(path)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // It may have become a pipe since the check.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = options.open(path)?;
    check(&file.metadata()?)?;
    read_at_most(&file, bytes)
}

/// A path as users are told it. What would steer their terminal, break the line, reorder it, or be invisible, is escaped.
pub(crate) fn shown(path: &Path) -> String {
    let mut shown = String::new();
    for symbol in path.to_string_lossy().chars() {
        if is_visible(symbol) { shown.push(symbol) } else { shown.extend(symbol.escape_default()) }
    }
    shown
}

/// Deletes a file, if it exists.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if !is_absence(&error) => Err(error),
        _ => Ok(()),
    }
}

/// Whether an error means that the file does not exist, as opposed to being unreachable.
pub(crate) fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Whether a missing path leads through a link whose target is currently absent.
pub(crate) fn leads_nowhere(path: &Path) -> bool {
    let there = path.ancestors().find_map(|above| Some((above, fs::symlink_metadata(above).ok()?)));
    there.is_some_and(|(above, found)| found.is_symlink() && fs::metadata(above).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_told_steers_no_terminal() {
        for (path, expected) in [
            ("/home/\u{e9}/a b\\'c", "/home/\u{e9}/a b\\'c"),
            ("/\u{1b}[2J", "/\\u{1b}[2J"),
            ("/a\r\nb\t\u{7f}\u{9b}", "/a\\r\\nb\\t\\u{7f}\\u{9b}"),
            ("/\u{202e}txt", "/\\u{202e}txt"),
            ("/\u{61c}a\u{200b}b", "/\\u{61c}a\\u{200b}b"),
        ] {
            assert_eq!(shown(Path::new(path)), expected);
        }
    }
}
