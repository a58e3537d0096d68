use std::fs;
use std::io;

use super::{State, read_at_most};
use crate::hmac::derive;
use crate::private_file::Temporary;

pub(super) const NAME: &str = "salt";

/// 32 random bytes that never leave the machine. From them keys are derived, each for one purpose.
#[derive(Clone)]
pub(crate) struct Salt([u8; 32]);

impl Salt {
    /// Derives the key for a purpose, and for whatever that is bound to.
    pub(crate) fn key(&self, purpose: &str, bound_to: &[&str]) -> [u8; 32] {
        derive(&self.0, purpose, bound_to)
    }
}

impl State {
    /// The salt, if there is one.
    pub(crate) fn read_salt(&self) -> io::Result<Salt> {
        let bytes = read_at_most(&self.open(NAME)?, 33)?;
        let salt = bytes.try_into().map_err(|_| io::ErrorKind::InvalidData)?;
        Ok(Salt(salt))
    }

    /// The salt, which is made if there is none, or none that is whole. Of two processes that make it at once, both get the same.
    pub(crate) fn salt(&self) -> io::Result<Salt> {
        match self.read_salt() {
            Ok(salt) => return Ok(salt),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                fs::remove_file(self.path(NAME))?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.make()?,
            Err(error) => return Err(error),
        }
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        // Whoever came first wins.
        let _ = Temporary::holding(&self.directory, &bytes)?.become_new(&self.path(NAME));
        self.read_salt()
    }
}
