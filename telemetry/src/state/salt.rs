use std::fs;
use std::io::{self, Write as _};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{State, read_at_most};

pub(super) const NAME: &str = "salt";

/// 32 random bytes that never leave the machine. From them keys are derived, each for one purpose.
#[derive(Clone)]
pub(crate) struct Salt([u8; 32]);

impl Salt {
    /// Derives the key for a purpose, and for whatever that is bound to.
    pub(crate) fn key(&self, purpose: &str, bound_to: &[&str]) -> [u8; 32] {
        let mut mac = mac(&self.0);
        for part in std::iter::once(&purpose).chain(bound_to) {
            // With its length before it, no part can pass for the end of another.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

/// An HMAC-SHA-256 that has read nothing yet.
pub(crate) fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    // A key shorter than a block is filled up with zeros; of a block's length it cannot fail.
    let mut block = [0; 64];
    let (start, _) = block.split_at_mut(key.len());
    start.copy_from_slice(key);
    Hmac::new(&block.into())
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
        let mut file = tempfile::Builder::new().prefix(".telemetry-").tempfile_in(&self.directory)?;
        file.write_all(&bytes)?;
        // Whoever came first wins.
        let _ = file.persist_noclobber(self.path(NAME));
        self.read_salt()
    }
}
