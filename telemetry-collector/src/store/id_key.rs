//! A short key of an event's id, by which a repeated event is found.
//!
//! The index of 32 bits a row takes half as much disk as one of whole ids, and their pages stay half as many. Several ids can have the same key, so
//! whole ids are compared in the end. The key depends on a secret of the file: otherwise a sender could make many ids with one key, each of
//! which would be compared with all others.

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

/// The fact that holds the secret.
pub(super) const SECRET: &str = "secret of keys";

/// Makes keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct IdKeys(i64);

impl IdKeys {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        connection.query_row("SELECT value FROM _fact WHERE name = ?1", [SECRET], |row| row.get(0)).map(Self)
    }

    pub(super) fn key(self, id: &[u8]) -> i32 {
        let mut digest = Sha256::new();
        digest.update(self.0.to_be_bytes());
        digest.update(id);
        digest.finalize().iter().take(4).fold(0, |key, byte| key << 8 | i32::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_depends_on_the_id_and_on_the_secret() {
        let keys: std::collections::HashSet<i32> =
            (0..200_u8).map(|number| IdKeys(i64::from(number % 2)).key(&[number / 2])).collect();
        assert_eq!(keys.len(), 200);
        assert!(keys.iter().any(|key| *key < 0) && keys.iter().any(|key| *key > 0), "all 32 bits are used");
    }
}
