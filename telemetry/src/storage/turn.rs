//! One process at a time changes which files there are.

use std::fs::{self, File, TryLockError};
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use super::StateDirectory;

/// How long to wait for a turn. Processes hold it for a few system calls.
const PATIENCE: Duration = Duration::from_millis(250);
const PAUSE: Duration = Duration::from_micros(100);

/// A process has its turn while it holds this value.
pub(crate) struct Turn {
    /// The locked directory; `None` where directories cannot be locked.
    directory: Option<File>,
}

impl StateDirectory {
    /// Waits for its turn. Where directories cannot be locked, as on Windows, everyone has a turn at any time.
    ///
    /// # Errors
    ///
    /// If another process holds it for long.
    pub(crate) fn take_turn(&self) -> io::Result<Turn> {
        let Ok(mut directory) = self.open_directory() else { return Ok(Turn { directory: None }) };
        let start = Instant::now();
        loop {
            match directory.try_lock() {
                // Another directory may have taken its place, after a no and a yes.
                Ok(()) if self.is_at_its_path(&directory) => return Ok(Turn { directory: Some(directory) }),
                Ok(()) => directory = self.open_directory()?,
                Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
                Err(TryLockError::Error(_)) => return Ok(Turn { directory: None }),
            }
        }
    }
}

impl Turn {
    /// Whether no other process has a turn now.
    pub(crate) const fn is_exclusive(&self) -> bool {
        self.directory.is_some()
    }
}

impl Drop for Turn {
    /// A child that is forked now shares the lock, and would hold it for its whole life if it were not released here.
    fn drop(&mut self) {
        if let Some(directory) = &self.directory {
            let _ = directory.unlock();
        }
    }
}

/// How long a file that cannot be locked belongs to the process that has renewed its lease last.
pub(crate) const LEASE: Duration = Duration::from_secs(60);

/// Whether the lease of a file is over. A date far in the future was set by a clock that was wrong.
pub(crate) fn is_lease_over(file: &File) -> bool {
    let Ok(renewed) = file.metadata().and_then(|found| found.modified()) else { return false };
    match renewed.elapsed() {
        Ok(age) => age > LEASE,
        Err(ahead) => ahead.duration() > LEASE,
    }
}

/// Renews the lease of a file.
pub(crate) fn renew_lease(file: &File) -> io::Result<()> {
    file.set_times(fs::FileTimes::new().set_modified(std::time::SystemTime::now()))
}
