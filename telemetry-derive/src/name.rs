//! What wire names and words may be, as `telemetry::schema` has it: checked here, so that the error stands at the literal.

pub(crate) const NAME_RULE: &str = "a wire name matches [A-Za-z][A-Za-z0-9_.-]{0,63}";
pub(crate) const WORD_RULE: &str = "a word is 1 to 64 bytes of printable ASCII without quotes or backslashes";

pub(crate) fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    name.len() <= 64 && name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.bytes().all(allowed)
}

pub(crate) fn is_word(word: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    (1..=64).contains(&word.len()) && word.bytes().all(allowed)
}
