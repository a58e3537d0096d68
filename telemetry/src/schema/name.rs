//! Wire names, and the bytes that a snapshot writes for them.

use telemetry_spec::key;
use telemetry_spec::name::is_name;
use telemetry_spec::word::is_word;

/// A member's key as it stands in a snapshot: `,"name":`.
///
/// The bytes have a fixed size, so that the recorder copies them in one piece; bytes after `len` are overwritten by
/// the value. If a name is too long for them, the recorder builds its key.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    /// Empty if there is no key.
    pub(crate) name: &'static str,
    pub(crate) bytes: [u8; Key::SIZE],
    pub(crate) len: u8,
    /// Hash of the name, to tell most names apart quickly; 0 if the derive has compared the names.
    pub(crate) hash: u32,
}

impl Key {
    pub(crate) const SIZE: usize = key::SIZE;

    /// The key of a member; `None` if the name is ill-formed.
    pub(crate) const fn member(name: &'static str) -> Option<Self> {
        if !is_name(name) {
            return None;
        }
        let key = key::Key::new(name);
        let bytes = match key.bytes() {
            Some(bytes) => bytes,
            None => key::BLANK,
        };
        Some(Self { name, bytes, len: key.len() as u8, hash: hash(name) })
    }

    /// A key as the derive wrote it: `,"name":` in the first `len` bytes, unless it is longer than all of them.
    ///
    /// This checks nothing; [`is_sound`](Self::is_sound) checks the key once for each type in use. To take the name from the bytes would
    /// take a third of the time in which rustc checks a derived type.
    pub(crate) const fn written(name: &'static str, bytes: &'static [u8; Self::SIZE], len: u8) -> Self {
        Self { name, bytes: *bytes, len, hash: 0 }
    }

    /// Whether the key matches its name, and the name is well-formed.
    pub(crate) const fn is_sound(&self) -> bool {
        let key = key::Key::new(self.name);
        if !is_name(self.name) || self.len as usize != key.len() {
            return false;
        }
        // The bytes of a longer key are unused.
        let Some(bytes) = key.bytes() else { return true };
        let mut at = 0;
        while at < key.len() {
            if self.bytes[at] != bytes[at] {
                return false;
            }
            at += 1;
        }
        true
    }

    /// The prefix of a list item.
    pub(crate) const fn item() -> Self {
        let mut key = Self::none();
        key.bytes[0] = b',';
        key.len = 1;
        key
    }

    /// The prefix of a value whose key has already been written.
    pub(crate) const fn none() -> Self {
        Self { name: "", bytes: [0; Self::SIZE], len: 0, hash: 0 }
    }

    /// Whether both have the same name.
    pub(crate) const fn equals(&self, other: &Self) -> bool {
        let may_be = self.hash == other.hash || self.hash == 0 || other.hash == 0;
        may_be && self.len == other.len && equal(self.name, other.name)
    }
}

/// The hash of a word; `None` if it is ill-formed.
pub(crate) const fn word_hash(word: &str) -> Option<u32> {
    if is_word(word) { Some(hash(word)) } else { None }
}

/// FNV-1a. Duplicates are first searched for among hashes, because comparing 300 names pairwise exceeds the compiler's limit
/// for constants.
const fn hash(text: &str) -> u32 {
    let text = text.as_bytes();
    let (mut hash, mut at) = (text.len() as u32, 0);
    while at < text.len() {
        hash = (hash ^ text[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

/// The bit, out of 128, for a hash. If it is not yet set, there is no duplicate.
pub(crate) const fn bit(hash: u32) -> u128 {
    1 << (hash >> 25)
}

pub(crate) const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use telemetry_spec::name;

    use super::*;

    const LONGEST: &str = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";

    #[test]
    fn key_is_json() {
        let key = Key::member("maxAge").unwrap();
        assert_eq!(&key.bytes[..key.len.into()], b",\"maxAge\":");
        assert_eq!(usize::from(Key::member(LONGEST).unwrap().len), name::MAX_BYTES + 4);
    }

    #[test]
    fn keys_of_one_name_are_equal() {
        let (key, again) = (Key::member("maxAge").unwrap(), Key::member("maxAge").unwrap());
        assert!(key.equals(&again));
        for other in ["maxAgf", "naxAge", "maxAge2", "agemax", "Maxage"] {
            assert!(!key.equals(&Key::member(other).unwrap()), "{other}");
        }
    }
}
