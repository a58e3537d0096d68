//! A short key of an event's id, by which a repeated event is found.
//!
//! The index of 32 bits a row takes half as much disk as one of whole ids, and has half as many pages. Several ids can have the same key, so
//! whole ids are compared in the end. The key depends on a secret of the file: otherwise a sender could make many ids with one key, each of
//! which would be compared with all others.
//!
//! Events of one process have keys that follow each other, as their counters do. So those of a batch are mostly in one page of the index.

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

/// The fact that holds the secret.
pub(super) const SECRET: &str = "secret of keys";

/// The bytes of an id before the counter.
const SERIES: usize = 16;

/// Makes keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct IdKeys(i64);

impl IdKeys {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        connection.query_row("SELECT value FROM _fact WHERE name = ?1", [SECRET], |row| row.get(0)).map(Self)
    }

    pub(super) fn key(self, id: &[u8]) -> i32 {
        // Without the last byte of the counter, if it has one.
        let (series, last) = id.split_at(id.len().saturating_sub(1).max(SERIES).min(id.len()));
        let mut digest = Sha256::new();
        digest.update(self.0.to_be_bytes());
        digest.update(series);
        let first = digest.finalize().iter().take(4).fold(0, |key, byte| key << 8 | i32::from(*byte));
        last.iter().fold(first, |key, byte| key.wrapping_add(i32::from(*byte)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::event_id::Stored;
    use super::*;
    use crate::arrival::EventId;

    #[test]
    fn a_key_depends_on_the_id_and_on_the_secret() {
        let keys: std::collections::HashSet<i32> =
            (0..200_u8).map(|number| IdKeys(i64::from(number % 2)).key(&[number / 2])).collect();
        assert_eq!(keys.len(), 200);
        assert!(keys.iter().any(|key| *key < 0) && keys.iter().any(|key| *key > 0), "all 32 bits are used");
    }

    #[test]
    fn keys_of_one_process_follow_each_other() {
        let key = |counter| IdKeys(7).key(Stored::new(EventId([3; 16], counter)).as_bytes());
        for counter in (0..255).chain(256..511) {
            assert_eq!(key(counter + 1), key(counter).wrapping_add(1), "{counter}");
        }
        assert_ne!(key(256), key(0), "ids that have the same last byte");
    }
}
