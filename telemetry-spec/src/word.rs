//! Words: the texts that a tag can send, and names of units.

/// Maximum length of a word, in bytes.
pub const MAX_BYTES: usize = 64;

/// The rule, as error messages state it.
pub const RULE: &str = "a word is 1 to 64 bytes of printable text without quotes or backslashes";

/// Whether a byte is a printable character of ASCII that may stand in a word.
///
/// A reference, since the compiler copies the value of a constant wherever it evaluates its name.
pub const IS_PLAIN: &[bool; 256] = &{
    let mut is_plain = [false; 256];
    let mut byte = 0;
    while byte < is_plain.len() {
        is_plain[byte] = matches!(byte as u8, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~');
        byte += 1;
    }
    is_plain
};

/// Whether `text` can be a word.
///
/// Letters of all scripts, digits, symbols and spaces (U+0020) are printable. Control characters, other white space, and
/// characters that are invisible or have no meaning of their own are not: they would let two different words look the same.
#[must_use]
pub const fn is_word(text: &str) -> bool {
    let text = text.as_bytes();
    if text.is_empty() || text.len() > MAX_BYTES {
        return false;
    }
    let (mut at, len, is_plain) = (0, text.len(), IS_PLAIN);
    while at < len {
        // Most words are ASCII, and the compiler evaluates this check for each word.
        if is_plain[text[at] as usize] {
            at += 1;
            continue;
        }
        let (character, next) = decode(text, at);
        if !is_printable(character) {
            return false;
        }
        at = next;
    }
    true
}

/// The character that begins at `at`, and the index of the next one. `text` is UTF-8.
const fn decode(text: &[u8], at: usize) -> (u32, usize) {
    let first = text[at] as u32;
    let (mut character, length) = match first {
        0..0x80 => return (first, at + 1),
        0x80..0xe0 => (first & 0x1f, 2),
        0xe0..0xf0 => (first & 0x0f, 3),
        _ => (first & 0x07, 4),
    };
    let mut next = at + 1;
    while next < at + length && next < text.len() {
        character = character << 6 | (text[next] & 0x3f) as u32;
        next += 1;
    }
    (character, next)
}

/// Whether a character is shown as itself: neither a control character, nor white space other than U+0020, nor invisible, nor one that
/// reorders the text around it (Unicode, UAX #9). Whoever shows the text of somebody else replaces, escapes or leaves out the others.
#[must_use]
pub const fn is_visible(character: char) -> bool {
    match character {
        ' '..='~' => true,
        _ => is_printable(character as u32),
    }
}

/// Whether a character that is not in [`IS_PLAIN`] may stand in a word.
const fn is_printable(character: u32) -> bool {
    match character {
        // Other ASCII: `"` and `\`, which JSON escapes, and control characters.
        0..0x80 => false,
        // Control characters, the no-break space, and the soft hyphen.
        0x80..=0xa0 | 0xad => false,
        // Writing direction, spaces and joiners, line separators.
        0x034f | 0x061c | 0x115f | 0x1160 | 0x1680 | 0x17b4 | 0x17b5 | 0x180b..=0x180f => false,
        0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x3000 | 0x3164 => false,
        // Private use, variation selectors, and noncharacters.
        0xe000..=0xf8ff | 0xfdd0..=0xfdef | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffd => false,
        0x1_bca0..=0x1_bca3 | 0x1_d173..=0x1_d17a | 0xe_0000.. => false,
        _ => character & 0xfffe != 0xfffe,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn printable_text() {
        for good in ["a", " ", "1 + 1", "→", "straße", "日本語", "emoji 🦀", "~!#$%&'()*+,-./:;<=>?@[]^_`{|}"] {
            assert!(is_word(good), "{good:?}");
        }
    }

    #[test]
    fn nothing_that_json_escapes_and_nothing_invisible() {
        for bad in [
            "",
            "\"",
            "\\",
            "a\nb",
            "\t",
            "\0",
            "\u{7f}",
            "\u{85}",
            "\u{a0}",
            "\u{ad}",
            "\u{200b}",
            "\u{202e}",
            "\u{2028}",
            "\u{2066}",
            "\u{3000}",
            "\u{e000}",
            "\u{feff}",
            "\u{fffd}",
            "\u{ffff}",
            "\u{1ffff}",
            "\u{e0041}",
            "\u{10fffd}",
            "a\u{fe0f}",
        ] {
            assert!(!is_word(bad), "{bad:?}");
        }
    }

    #[test]
    fn the_length_is_counted_in_bytes() {
        let arrows = "→→→→→→→→→→→→→→→→→→→→→";
        assert_eq!(arrows.len(), 63);
        assert!(is_word(arrows));
        let too_long = [b'w'; MAX_BYTES + 1];
        assert!(is_word(core::str::from_utf8(&too_long[1..]).unwrap_or_default()));
        assert!(!is_word(core::str::from_utf8(&too_long).unwrap_or_default()));
    }

    proptest! {
        #[test]
        fn characters_are_decoded_as_the_standard_library_does(character: char) {
            let mut bytes = [0; 4];
            let text = character.encode_utf8(&mut bytes);
            prop_assert_eq!(decode(text.as_bytes(), 0), (u32::from(character), text.len()));
        }

        #[test]
        fn what_a_word_may_hold_is_visible_and_only_two_other_characters_are(character: char) {
            let mut bytes = [0; 4];
            let is_word = is_word(character.encode_utf8(&mut bytes));
            prop_assert_eq!(is_visible(character), is_word || matches!(character, '"' | '\\'));
        }

        #[test]
        fn words_hold_no_control_character_and_no_white_space_but_the_space(character: char) {
            let mut bytes = [0; 4];
            if is_word(character.encode_utf8(&mut bytes)) {
                prop_assert!(!character.is_control());
                prop_assert!(character == ' ' || !character.is_whitespace());
            }
        }
    }
}
