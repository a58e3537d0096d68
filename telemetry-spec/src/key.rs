//! The text before a member's value in a snapshot: `,"name":`.

/// The number of bytes that the recorder copies for a key in one piece.
pub const SIZE: usize = 32;

/// The text before the name. `CLOSE` is the text after it.
pub const OPEN: &str = ",\"";
/// See [`OPEN`].
pub const CLOSE: &str = "\":";

/// The bytes of a key that is longer than [`SIZE`].
pub const BLANK: [u8; SIZE] = [b' '; SIZE];

/// The key of a member.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    name: &'a str,
}

impl<'a> Key<'a> {
    /// The key of the member called `name`.
    #[must_use]
    pub const fn new(name: &'a str) -> Self {
        Self { name }
    }

    /// The number of bytes without padding.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a key is never empty")]
    pub const fn len(&self) -> usize {
        OPEN.len() + self.name.len() + CLOSE.len()
    }

    /// The bytes, padded with spaces; `None` for a key that is longer than [`SIZE`].
    #[must_use]
    pub const fn bytes(&self) -> Option<[u8; SIZE]> {
        if self.len() > SIZE {
            return None;
        }
        let bytes = copy(BLANK, 0, OPEN);
        let bytes = copy(bytes, OPEN.len(), self.name);
        Some(copy(bytes, OPEN.len() + self.name.len(), CLOSE))
    }
}

const fn copy(mut bytes: [u8; SIZE], from: usize, text: &str) -> [u8; SIZE] {
    let text = text.as_bytes();
    let mut at = 0;
    while at < text.len() {
        bytes[from + at] = text[at];
        at += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_json_and_padded() {
        let key = Key::new("maxAge");
        assert_eq!(key.len(), 10);
        assert_eq!(&key.bytes().unwrap_or_default(), b",\"maxAge\":                      ");
    }

    #[test]
    fn a_long_key_has_no_bytes_of_fixed_size() {
        let key = Key::new("nnnnnnnnnnnnnnnnnnnnnnnnnnnnn");
        assert_eq!(key.bytes(), None);
        assert_eq!(key.len(), 33);
    }
}
