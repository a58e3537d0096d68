//! Names on the wire: of object members and of events.

/// Maximum length of a name, in bytes.
pub const MAX_BYTES: usize = 64;

/// The rule, as error messages state it.
pub const RULE: &str = "a wire name matches [A-Za-z][A-Za-z0-9_.-]{0,63}";

/// The name of a value that stands beside the tag of its enum, or beside the key of its map.
pub const VALUE: &str = "value";

/// Whether a byte may stand in a name.
///
/// A reference, since the compiler copies the value of a constant wherever it evaluates its name.
pub const IN_NAMES: &[bool; 256] = &{
    let mut is_in = [false; 256];
    let mut byte = 0;
    while byte < is_in.len() {
        is_in[byte] = matches!(byte as u8, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-');
        byte += 1;
    }
    is_in
};

/// Whether `text` can be a name.
#[must_use]
pub const fn is_name(text: &str) -> bool {
    let text = text.as_bytes();
    if text.is_empty() || text.len() > MAX_BYTES || !text[0].is_ascii_alphabetic() {
        return false;
    }
    let (mut at, len, in_names) = (1, text.len(), IN_NAMES);
    while at < len {
        if !in_names[text[at] as usize] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_and_three_marks() {
        let longest = [b'n'; MAX_BYTES];
        let longest = core::str::from_utf8(&longest).unwrap_or_default();
        for good in ["a", "Z", "A1_.-z", longest] {
            assert!(is_name(good), "{good:?}");
        }
        let too_long = [b'n'; MAX_BYTES + 1];
        let too_long = core::str::from_utf8(&too_long).unwrap_or("");
        for bad in ["", "1a", "_a", ".a", "-a", "a b", "a\"", "a\\", "a\0", "é", "aé", too_long] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
