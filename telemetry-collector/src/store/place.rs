//! Whether the file that is open is the one at its path still. If it was removed or replaced, what is written to it is lost at the end.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often it is looked at.
const PERIOD: Duration = Duration::from_secs(1);

/// The path of an open file and of its log.
#[derive(Debug)]
pub(super) struct Place {
    file: Watched,
    log: Watched,
    looked: Option<Instant>,
    has_ours: bool,
}

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    /// What is open, once it was seen.
    open: Option<Identity>,
}

impl Place {
    /// The file at this path has just been opened.
    pub(super) fn new(path: &Path) -> Self {
        // SQLite follows links when it names the log.
        let mut log = path.canonicalize().unwrap_or_else(|_| path.to_owned()).into_os_string();
        log.push("-wal");
        let mut place = Self {
            // The working directory may change.
            file: Watched { path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()), open: None },
            log: Watched { path: log.into(), open: None },
            looked: None,
            has_ours: true,
        };
        place.look();
        place
    }

    /// Whether the files that are open are there. It looks once a second at most.
    pub(super) fn has_ours(&mut self) -> bool {
        if self.looked.is_none_or(|looked| looked.elapsed() >= PERIOD) {
            self.look();
        }
        self.has_ours
    }

    /// Whether another program has begun a log where that of the open file was.
    pub(super) fn has_others_log(&self) -> bool {
        match (&self.log.open, Found::at(&self.log.path)) {
            (Some(open), Found::File(found)) => *open != found,
            _ => false,
        }
    }

    /// Looks now.
    pub(super) fn look(&mut self) {
        self.has_ours = self.file.is_ours() && self.log.is_ours();
        self.looked = Some(Instant::now());
    }
}

impl Watched {
    fn is_ours(&mut self) -> bool {
        match (&self.open, Found::at(&self.path)) {
            // It may come there with the first transaction.
            (None, Found::File(found)) => self.open = Some(found),
            (Some(open), Found::File(found)) => return *open == found,
            (Some(_), Found::Nothing) => return false,
            // A failed look-up does not show that the file is gone, so events are still taken.
            (None, Found::Nothing) | (_, Found::Unknown) => {}
        }
        true
    }
}

/// What is at a path.
enum Found {
    #[cfg_attr(not(unix), allow(dead_code, reason = "an open file cannot be removed there"))]
    File(Identity),
    #[cfg_attr(not(unix), allow(dead_code, reason = "an open file cannot be removed there"))]
    Nothing,
    Unknown,
}

/// The device and the number of a file in it.
#[derive(Debug, PartialEq, Eq)]
struct Identity(u64, u64);

impl Found {
    #[cfg(unix)]
    fn at(path: &Path) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        match std::fs::metadata(path) {
            Ok(found) => Self::File(Identity(found.dev(), found.ino())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::Nothing,
            Err(_) => Self::Unknown,
        }
    }

    #[cfg(not(unix))]
    fn at(_: &Path) -> Self {
        Self::Unknown
    }
}
