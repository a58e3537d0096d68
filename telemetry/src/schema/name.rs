//! Wire names: what they may be, and the bytes that a snapshot writes for them.

/// Longest wire name and longest word, in bytes.
pub(crate) const MAX_NAME: usize = 64;

/// A member's key as it stands in a snapshot: `,"name":`.
///
/// The bytes have a fixed size, so that the recorder copies them in one piece; those after `len` are zero and overwritten by
/// the value. The key of a name that is too long for them is put together by the recorder.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    /// Empty where there is none.
    pub(crate) name: &'static str,
    pub(crate) bytes: [u8; Key::SIZE],
    pub(crate) len: u8,
    /// Names that differ mostly differ in it; 0 where the derive has compared the names.
    pub(crate) hash: u32,
}

impl Key {
    /// `,"` + 28 bytes + `":`
    pub(crate) const SIZE: usize = 32;

    /// The longest name whose key is put together while compiling.
    const SHORT: usize = Self::SIZE - 4;

    /// The key of a member; none when the name is ill-formed.
    pub(crate) const fn member(name: &'static str) -> Option<Self> {
        let text = name.as_bytes();
        let (len, is_short) = (text.len(), text.len() <= Self::SHORT);
        if len == 0 || len > MAX_NAME || !text[0].is_ascii_alphabetic() {
            return None;
        }
        let (mut bytes, mut hash, mut at) = ([0; Self::SIZE], len as u32, 0);
        while at < len {
            let byte = text[at];
            if !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'.' | b'-') {
                return None;
            }
            hash = spread(hash, byte);
            if is_short {
                bytes[at + 2] = byte;
            }
            at += 1;
        }
        if is_short {
            bytes[0] = b',';
            bytes[1] = b'"';
            bytes[at + 2] = b'"';
            bytes[at + 3] = b':';
        }
        Some(Self { name, bytes, len: len as u8 + 4, hash })
    }

    /// A key as the derive has written it: `,"name":` in the first `len` bytes of 32, or of more when the name is long.
    ///
    /// Nothing is compared or looked through here; [`is_sound`](Self::is_sound) does that once for a type that is used.
    pub(crate) const fn written(key: &'static str, len: u8) -> Self {
        let bytes = match key.as_bytes().first_chunk() {
            Some(bytes) => *bytes,
            None => panic!("a key has at least 32 bytes"),
        };
        let (name, _) = key.split_at(len as usize - 2);
        let (_, name) = name.split_at(2);
        Self { name, bytes, len, hash: 0 }
    }

    /// Whether it is the key of its name, and that well-formed.
    pub(crate) const fn is_sound(&self) -> bool {
        let Some(right) = Self::member(self.name) else { return false };
        if self.len != right.len {
            return false;
        }
        let mut at = 0;
        // The bytes of a longer key are not used.
        while at < self.len as usize && self.len as usize <= Self::SIZE {
            if self.bytes[at] != right.bytes[at] {
                return false;
            }
            at += 1;
        }
        true
    }

    /// What stands before an item of a list.
    pub(crate) const fn item() -> Self {
        let mut key = Self::none();
        key.bytes[0] = b',';
        key.len = 1;
        key
    }

    /// What stands before a value that has its key already.
    pub(crate) const fn none() -> Self {
        Self { name: "", bytes: [0; Self::SIZE], len: 0, hash: 0 }
    }

    /// Whether both are of one name.
    pub(crate) const fn equals(&self, other: &Self) -> bool {
        let may_be = self.hash == other.hash || self.hash == 0 || other.hash == 0;
        may_be && self.len == other.len && equal(self.name, other.name)
    }
}

/// Whether `name` matches `[A-Za-z][A-Za-z0-9_.-]{0,63}`.
pub(crate) const fn is_name(name: &'static str) -> bool {
    Key::member(name).is_some()
}

/// The hash of a word, which is 1 to 64 bytes of printable ASCII without quotes or backslashes; none of anything else.
pub(crate) const fn word_hash(word: &str) -> Option<u32> {
    let word = word.as_bytes();
    if word.is_empty() || word.len() > MAX_NAME {
        return None;
    }
    let (mut hash, mut at) = (word.len() as u32, 0);
    while at < word.len() {
        if !matches!(word[at], b' ' | b'!' | b'#'..=b'[' | b']'..=b'~') {
            return None;
        }
        hash = spread(hash, word[at]);
        at += 1;
    }
    Some(hash)
}

/// FNV-1a. Duplicates are looked for among hashes first, because comparing 300 names pairwise exceeds the compiler's limit
/// for constants.
const fn spread(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

/// One of 128 bits that stands for a hash: where it is not set yet, there is no duplicate.
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
    use super::*;

    const LONGEST: &str = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";
    const TOO_LONG: &str = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";

    #[test]
    fn names_and_words() {
        assert!(is_name("a") && is_name("A1_.-z") && is_name(LONGEST));
        for bad in ["", "1a", "_a", "a b", "a\"", "é", "a\u{e9}", TOO_LONG] {
            assert!(!is_name(bad), "{bad:?}");
        }
        assert!(word_hash("1 + 1").is_some() && word_hash(LONGEST).is_some());
        for bad in ["", "a\"b", "a\\b", "a\nb", "é", "\u{7f}", TOO_LONG] {
            assert!(word_hash(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn key_is_json() {
        let key = Key::member("maxAge").unwrap();
        assert_eq!(&key.bytes[..key.len.into()], b",\"maxAge\":");
        assert_eq!(usize::from(Key::member(LONGEST).unwrap().len), MAX_NAME + 4);
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
