//! Wire names: what they may be, and the bytes that a snapshot writes for them.

/// Longest wire name and longest word, in bytes.
pub(crate) const MAX_NAME: usize = 64;

/// A member's key as it stands in a snapshot: `,"name":`.
///
/// The bytes have a fixed size, so that the recorder copies them in one
/// piece; those after `len` are zero and overwritten by the value.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) bytes: [u8; Key::SIZE],
    pub(crate) len: u8,
}

impl Key {
    /// `,"` + 64 bytes + `":`, rounded up to a multiple of eight.
    pub(crate) const SIZE: usize = 72;

    pub(crate) const fn member(name: &str) -> Self {
        let name = name.as_bytes();
        let mut bytes = [0; Self::SIZE];
        bytes[0] = b',';
        bytes[1] = b'"';
        let mut at = 0;
        while at < name.len() {
            bytes[2 + at] = name[at];
            at += 1;
        }
        bytes[2 + at] = b'"';
        bytes[3 + at] = b':';
        Self { bytes, len: name.len() as u8 + 4 }
    }

    /// What stands before an item of a list.
    pub(crate) const fn item() -> Self {
        let mut bytes = [0; Self::SIZE];
        bytes[0] = b',';
        Self { bytes, len: 1 }
    }

    /// What stands before a value that has its key already.
    pub(crate) const fn none() -> Self {
        Self { bytes: [0; Self::SIZE], len: 0 }
    }
}

/// Whether `name` matches `[A-Za-z][A-Za-z0-9_.-]{0,63}`.
pub(crate) const fn is_name(name: &str) -> bool {
    let name = name.as_bytes();
    if name.is_empty() || name.len() > MAX_NAME || !name[0].is_ascii_alphabetic() {
        return false;
    }
    let mut at = 1;
    while at < name.len() {
        if !(name[at].is_ascii_alphanumeric() || matches!(name[at], b'_' | b'.' | b'-')) {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether `word` is 1 to 64 bytes of printable ASCII without quotes or backslashes.
pub(crate) const fn is_word(word: &str) -> bool {
    let word = word.as_bytes();
    if word.is_empty() || word.len() > MAX_NAME {
        return false;
    }
    let mut at = 0;
    while at < word.len() {
        if !matches!(word[at], b' '..=b'~') || matches!(word[at], b'"' | b'\\') {
            return false;
        }
        at += 1;
    }
    true
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

/// FNV-1a: duplicates are looked for among hashes first, because comparing
/// 300 names pairwise exceeds rustc's limit for constant evaluation.
pub(crate) const fn hash(name: &str) -> u32 {
    let name = name.as_bytes();
    let mut hash = 0x811c_9dc5_u32;
    let mut at = 0;
    while at < name.len() {
        hash = (hash ^ name[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_words() {
        assert!(is_name("a") && is_name("A1_.-z") && is_name(&"a".repeat(64)));
        for bad in ["", "1a", "_a", "a b", "a\"", "é", "a\u{e9}", &"a".repeat(65)] {
            assert!(!is_name(bad), "{bad:?}");
        }
        assert!(is_word("1 + 1") && is_word(&"x".repeat(64)));
        for bad in ["", "a\"b", "a\\b", "a\nb", "é", "\u{7f}", &"x".repeat(65)] {
            assert!(!is_word(bad), "{bad:?}");
        }
    }

    #[test]
    fn key_is_json() {
        let key = Key::member("maxAge");
        assert_eq!(&key.bytes[..key.len.into()], b",\"maxAge\":");
        let longest = "n".repeat(MAX_NAME);
        assert_eq!(usize::from(Key::member(&longest).len), MAX_NAME + 4);
    }
}
