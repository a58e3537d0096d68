//! Interprets the text of a variable. Surrounding ASCII white space and letter case do not matter.

use std::ffi::OsStr;

/// The meaning of an on/off variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Switch {
    Unset,
    On,
    Off,
    /// Any other text, including text that is not UTF-8.
    Unrecognized,
}

pub(crate) fn switch(value: Option<&OsStr>) -> Switch {
    if value.is_none() || is(value, "") {
        Switch::Unset
    } else if is_any_of(value, &["1", "true", "yes", "on"]) {
        Switch::On
    } else if is_any_of(value, &["0", "false", "no", "off"]) {
        Switch::Off
    } else {
        Switch::Unrecognized
    }
}

pub(crate) fn is(value: Option<&OsStr>, word: &str) -> bool {
    value.is_some_and(|value| value.as_encoded_bytes().trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether the variable is set to a value outside the list.
pub(crate) fn is_none_of(value: Option<&OsStr>, words: &[&str]) -> bool {
    value.is_some() && !is_any_of(value, words)
}

fn is_any_of(value: Option<&OsStr>, words: &[&str]) -> bool {
    words.iter().any(|word| is(value, word))
}
