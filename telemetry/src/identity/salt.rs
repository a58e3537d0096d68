use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::thread;
use std::time::Duration;

use crate::identity::hmac::derive;
use crate::storage::{SALT, StateDirectory, read_at_most};

/// How often, and after which pauses, a lock is asked for.
const ATTEMPTS: u32 = 200;
const PAUSE: Duration = Duration::from_millis(1);

/// 32 random bytes that never leave the machine. From them keys are derived, each for one purpose.
#[derive(Clone)]
pub(crate) struct Salt([u8; 32]);

impl Salt {
    /// Derives the key for a purpose, and for whatever that is bound to.
    pub(crate) fn key(&self, purpose: &str, bound_to: &[&str]) -> [u8; 32] {
        derive(&self.0, purpose, bound_to)
    }
}

impl StateDirectory {
    /// The salt, if there is one.
    pub(crate) fn read_salt(&self) -> io::Result<Salt> {
        let bytes = read_at_most(&self.open(SALT)?, 33)?;
        let salt = bytes.try_into().map_err(|_| io::ErrorKind::InvalidData)?;
        Ok(Salt(salt))
    }

    /// The salt, which is made if there is none, or none that is whole. Of two processes that make it at once, both get the same.
    pub(crate) fn salt(&self) -> io::Result<Salt> {
        match self.read_salt() {
            Ok(salt) => return Ok(salt),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.make()?,
            Err(error) => return Err(error),
        }
        let mut file = self.open_or_create(SALT)?;
        lock(&file)?;
        // Whoever came first has made it.
        if let Ok(salt) = self.read_salt() {
            return Ok(salt);
        }
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        file.set_len(0)?;
        file.write_all(&bytes)?;
        self.read_salt()
    }
}

/// Locks a file that others hold for moments only; whoever holds it longer is not waited for.
fn lock(file: &File) -> io::Result<()> {
    for _ in 0..ATTEMPTS {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            locked => return Ok(locked?),
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}
