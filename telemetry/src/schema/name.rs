//! Wire names, and the bytes that a snapshot writes for them.

use telemetry_spec::key;
use telemetry_spec::name::{IN_NAMES, is_name};
use telemetry_spec::word::{IS_PLAIN, MAX_BYTES, is_word};

/// A member's key as it stands in a snapshot: `,"name":`.
#[derive(Clone, Copy)]
pub(crate) enum Key {
    /// The bytes have a fixed size, so that the recorder copies them in one piece; bytes after `len` are spaces, which the value
    /// overwrites. Without a key, `len` is 0.
    Short { bytes: [u8; Key::SIZE], len: u8 },
    /// The name of a key that is longer than that, which the recorder builds.
    Long(&'static str),
}

impl Key {
    pub(crate) const SIZE: usize = key::SIZE;

    /// The key of a member; `None` if the name is ill-formed.
    pub(crate) const fn member(name: &'static str) -> Option<Self> {
        if !is_name(name) {
            return None;
        }
        let key = key::Key::new(name);
        Some(match key.bytes() {
            Some(bytes) => Self::Short { bytes, len: key.len() as u8 },
            None => Self::Long(name),
        })
    }

    /// The number of bytes.
    pub(crate) const fn len(&self) -> usize {
        match self {
            Self::Short { len, .. } => *len as usize,
            Self::Long(name) => key::Key::new(name).len(),
        }
    }

    /// Whether this is the key of a value without a name.
    pub(crate) const fn is_none(&self) -> bool {
        matches!(self, Self::Short { len: 0, .. })
    }

    /// The name; empty if there is none.
    pub(crate) const fn name(&self) -> &str {
        let (bytes, len) = match self {
            Self::Short { bytes, len } => (bytes, *len as usize),
            Self::Long(name) => return name,
        };
        if len <= AROUND || len > Self::SIZE {
            return "";
        }
        let (bytes, _) = bytes.split_at(len - key::CLOSE.len());
        let (_, name) = bytes.split_at(key::OPEN.len());
        match core::str::from_utf8(name) {
            Ok(name) => name,
            Err(_) => "",
        }
    }

    /// A bit, out of 128, for the name; `None` if this is not the key of a well-formed name. If no other member has the bit, none has the
    /// name. A long name has all bits.
    ///
    /// The compiler evaluates this for each member, and a call takes it longer than a few bytes, so the loop makes none.
    pub(crate) const fn bit(&self) -> Option<u128> {
        let (bytes, len) = match self {
            Self::Short { bytes, len } => (bytes, *len as usize),
            Self::Long(name) => {
                let is_sound = is_name(name) && key::Key::new(name).len() > Self::SIZE;
                return if is_sound { Some(u128::MAX) } else { None };
            }
        };
        if len <= AROUND || len > Self::SIZE {
            return None;
        }
        let end = len - AROUND / 2;
        let is_letter = bytes[2].is_ascii_alphabetic();
        if bytes[0] != b',' || bytes[1] != b'"' || bytes[end] != b'"' || bytes[end + 1] != b':' || !is_letter {
            return None;
        }
        let (mut at, mut sum, in_names) = (2, len as u64, IN_NAMES);
        while at < end {
            let byte = bytes[at];
            if !in_names[byte as usize] {
                return None;
            }
            sum = sum << 5 ^ sum >> 56 ^ byte as u64;
            at += 1;
        }
        Some(1 << ((sum as u128 * SPREAD) >> 57 & 127))
    }

    /// The prefix of a list item.
    pub(crate) const fn item() -> Self {
        let mut bytes = key::BLANK;
        bytes[0] = b',';
        Self::Short { bytes, len: 1 }
    }

    /// The prefix of a value whose key has already been written.
    pub(crate) const fn none() -> Self {
        Self::Short { bytes: key::BLANK, len: 0 }
    }

    /// Whether both have the same name.
    pub(crate) const fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Short { bytes, len }, Self::Short { bytes: others, len: length }) => {
                let mut at = 0;
                while at < *len as usize && *len == *length && at < Self::SIZE {
                    if bytes[at] != others[at] {
                        return false;
                    }
                    at += 1;
                }
                *len == *length
            }
            (Self::Long(name), Self::Long(other)) => equal(name, other),
            _ => false,
        }
    }
}

/// The bytes around the name in a key.
const AROUND: usize = key::OPEN.len() + key::CLOSE.len();

/// Spreads a sum of bytes over all bits of a product.
const SPREAD: u128 = 0x9e37_79b9_7f4a_7c15;

/// The bit, out of 128, for a well-formed word. If it is not yet set, there is no duplicate. `None` if the word is ill-formed.
pub(crate) const fn word_bit(word: &str) -> Option<u128> {
    let text = word.as_bytes();
    if text.is_empty() || text.len() > MAX_BYTES {
        return None;
    }
    let (mut at, len, is_plain) = (0, text.len(), IS_PLAIN);
    let mut sum = len as u64;
    while at < len {
        let byte = text[at];
        // Most words are ASCII, and the compiler evaluates this for each byte of each word.
        if !is_plain[byte as usize] && !is_word(word) {
            return None;
        }
        sum = sum << 5 ^ sum >> 56 ^ byte as u64;
        at += 1;
    }
    Some(1 << ((sum as u128 * SPREAD) >> 57 & 127))
}

pub(crate) const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let (mut at, len) = (0, a.len());
    while at < len {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use telemetry_spec::name;

    use super::*;

    const LONGEST: &str = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";

    fn bytes(key: &Key) -> &[u8] {
        let Key::Short { bytes, len } = key else { return &[] };
        &bytes[..usize::from(*len)]
    }

    #[test]
    fn key_is_json() {
        let key = Key::member("maxAge").unwrap();
        assert_eq!(bytes(&key), b",\"maxAge\":");
        assert_eq!((key.name(), key.len()), ("maxAge", 10));
    }

    #[test]
    fn a_key_that_is_longer_than_the_bytes_is_its_name() {
        let longest = Key::member(LONGEST).unwrap();
        assert!(matches!(longest, Key::Long(LONGEST)) && longest.bit().is_some());
        assert_eq!((longest.name(), longest.len()), (LONGEST, name::MAX_BYTES + 4));
        let (fits, too_long) = (Key::member(&LONGEST[..28]).unwrap(), Key::member(&LONGEST[..29]).unwrap());
        assert!(matches!(fits, Key::Short { len: 32, .. }) && fits.bit().is_some());
        assert!(matches!(too_long, Key::Long(_)) && too_long.bit().is_some());
        assert!(Key::Long("maxAge").bit().is_none());
    }

    #[test]
    fn keys_of_one_name_are_equal() {
        let (key, again) = (Key::member("maxAge").unwrap(), Key::member("maxAge").unwrap());
        assert!(key.equals(&again));
        assert_eq!(key.bit(), again.bit());
        for other in ["maxAgf", "naxAge", "maxAge2", "agemax", "Maxage", LONGEST] {
            assert!(!key.equals(&Key::member(other).unwrap()), "{other}");
        }
        assert!(Key::member(LONGEST).unwrap().equals(&Key::member(LONGEST).unwrap()));
    }

    #[test]
    fn names_and_words_that_people_choose_rarely_share_a_bit() {
        let texts: Vec<String> = (0..10).flat_map(|at| [format!("enabled{at}"), format!("secret_{at}")]).collect();
        let (mut names, mut words) = (0, 0);
        for text in &texts {
            let key = key::Key::new(text);
            names |= Key::Short { bytes: key.bytes().unwrap(), len: key.len() as u8 }.bit().unwrap();
            words |= word_bit(text).unwrap();
        }
        assert!(names.count_ones() >= 16 && words.count_ones() >= 16, "{names:x} {words:x}");
    }

    #[test]
    fn what_is_no_key_has_no_bit() {
        let sound = *b",\"maxAge\":                      ";
        assert!(Key::Short { bytes: sound, len: 10 }.bit().is_some());
        for len in (0..=u8::MAX).filter(|len| *len != 10) {
            assert!(Key::Short { bytes: sound, len }.bit().is_none(), "{len}");
        }
        assert!(Key::none().bit().is_none() && Key::item().bit().is_none());
    }

    proptest! {
        #[test]
        fn a_key_has_a_bit_if_its_name_is_well_formed(at in 0..32_usize, byte: u8, len in 5..=32_usize) {
            let name = &LONGEST[..len - 4];
            let mut bytes = key::Key::new(name).bytes().unwrap();
            bytes[at] = byte;
            let text = String::from_utf8_lossy(&bytes[..len]).into_owned();
            let is_named = text.strip_prefix(",\"").and_then(|text| text.strip_suffix("\":")).is_some_and(is_name);
            prop_assert_eq!(Key::Short { bytes, len: len as u8 }.bit().is_some(), is_named);
        }

        #[test]
        fn plain_bytes_are_words_of_their_own(byte: u8) {
            if IS_PLAIN[usize::from(byte)] {
                prop_assert!(is_word(&char::from(byte).to_string()));
            }
        }
    }
}
