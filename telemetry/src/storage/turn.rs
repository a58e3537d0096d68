//! One process at a time changes which files there are.

use std::fs::{self, File, TryLockError};
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use super::StateDirectory;

/// How long to wait for a turn. Processes hold it for a few system calls. A process that was stopped in the middle of its turn holds it
/// until it goes on, and a program that publishes an event must not wait for that.
const PATIENCE: Duration = Duration::from_millis(10);
/// Where what follows a yes must be kept apart from what is deleted after a no. Both are rare.
const LONG_PATIENCE: Duration = Duration::from_millis(250);
const PAUSE: Duration = Duration::from_micros(100);

/// Permission to change which files there are.
pub(crate) enum Turn {
    /// No other process has a turn while this one holds the locked directory.
    Exclusive(File),
    /// Another process has had the turn for longer than one can wait. This process goes on beside it.
    Missed,
    /// Directories cannot be locked here, so every process has a turn at any time.
    Shared,
}

impl StateDirectory {
    /// Waits for its turn, for a few milliseconds. After a wait in vain, it does not wait again until it has got a turn.
    ///
    /// # Errors
    ///
    /// If the directory has been deleted meanwhile.
    pub(crate) fn take_turn(&self) -> io::Result<Turn> {
        self.take_turn_within(if self.has_missed_turn() { Duration::ZERO } else { PATIENCE })
    }

    /// Like [`take_turn`](Self::take_turn), but waits longer, and each time.
    pub(crate) fn take_turn_patiently(&self) -> io::Result<Turn> {
        self.take_turn_within(LONG_PATIENCE)
    }

    fn take_turn_within(&self, patience: Duration) -> io::Result<Turn> {
        let Ok(mut directory) = self.open_directory() else { return Ok(Turn::Shared) };
        let start = Instant::now();
        loop {
            match directory.try_lock() {
                // Another directory may have taken its place, after a no and a yes.
                Ok(()) if self.is_at_its_path(&directory) => {
                    self.set_missed_turn(false);
                    return Ok(Turn::Exclusive(directory));
                }
                Ok(()) => {
                    let _ = directory.unlock();
                    directory = self.open_directory()?;
                }
                Err(TryLockError::WouldBlock) if start.elapsed() < patience => {
                    thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => {
                    self.set_missed_turn(true);
                    return Ok(Turn::Missed);
                }
                Err(TryLockError::Error(_)) => return Ok(Turn::Shared),
            }
        }
    }
}

impl Turn {
    /// Whether no other process has a turn now.
    pub(crate) const fn is_exclusive(&self) -> bool {
        matches!(self, Self::Exclusive(_))
    }

    /// Whether another process is in the middle of its turn.
    pub(crate) const fn is_missed(&self) -> bool {
        matches!(self, Self::Missed)
    }
}

impl Drop for Turn {
    /// A child that is forked now shares the lock, and would hold it for its whole life if it were not released here.
    fn drop(&mut self) {
        if let Self::Exclusive(directory) = self {
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_turn_that_another_process_keeps_is_waited_for_once_and_briefly() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        state.make().unwrap();
        let stopped = state.take_turn().unwrap();
        assert!(stopped.is_exclusive());
        let other = StateDirectory::at(home.path().join("acme"));
        let start = Instant::now();
        assert!(other.take_turn().unwrap().is_missed());
        assert!(start.elapsed() >= PATIENCE);
        let start = Instant::now();
        for _ in 0..400 {
            assert!(other.clone().take_turn().unwrap().is_missed());
        }
        assert!(start.elapsed() < 200 * PATIENCE, "{:?}", start.elapsed());
        drop(stopped);
        assert!(other.take_turn().unwrap().is_exclusive());
        let _again = state.take_turn().unwrap();
        let start = Instant::now();
        assert!(other.take_turn().unwrap().is_missed());
        assert!(start.elapsed() >= PATIENCE, "it had got a turn in between");
    }
}
