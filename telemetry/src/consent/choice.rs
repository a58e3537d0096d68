//! The text of the stored choice. Only a first line exactly as this crate writes it enables telemetry. What a yes covers follows it.

use super::covered::Covered;
use super::decide::StoredChoice;
use crate::storage::Author;
use crate::storage::paths::CHOICE_BYTES;

pub(super) const ENABLED: &str = "enabled\n";
pub(super) const DISABLED: &str = "disabled\n";

/// How many bytes of the file decide whether it is a yes or a no: one more than the longer of the two texts.
pub(super) const DECISIVE: usize = DISABLED.len() + 1;

/// The text of a yes that covers this.
pub(super) fn yes(covered: &Covered) -> String {
    format!("{ENABLED}{}", covered.text())
}

/// What a yes covers. A file that is too large, or has no such part, covers nothing.
pub(super) fn covered(bytes: &[u8]) -> Covered {
    match bytes.strip_prefix(ENABLED.as_bytes()) {
        Some(rest) if bytes.len() <= CHOICE_BYTES => Covered::parse(rest),
        _ => Covered::default(),
    }
}

/// The choice, by the first bytes of the file.
pub(super) fn parse(bytes: &[u8]) -> StoredChoice {
    if bytes.starts_with(ENABLED.as_bytes()) {
        StoredChoice::Enabled
    } else if bytes == DISABLED.as_bytes() {
        StoredChoice::Disabled
    } else {
        StoredChoice::Corrupt
    }
}

impl StoredChoice {
    /// A no counts regardless of who wrote it. A yes counts only if nobody but the user and root can have written it.
    pub(super) fn by(self, author: impl FnOnce() -> Author) -> Self {
        if self == Self::Enabled && author() == Author::Anybody { Self::Foreign } else { self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_exact_first_line_is_a_choice() {
        assert_eq!(parse(ENABLED.as_bytes()), StoredChoice::Enabled);
        assert_eq!(parse(DISABLED.as_bytes()), StoredChoice::Disabled);
        assert_eq!(parse(b"enabled\nanything, which covers nothing"), StoredChoice::Enabled);
        for other in ["", "\n", "enabled", "Enabled\n", "enabled\r\n", " enabled\n", "\nenabled\n", "disabled"] {
            assert_eq!(parse(other.as_bytes()), StoredChoice::Corrupt, "{other:?}");
        }
        for other in ["disabled\n\n", "disabled\nenabled\n", "enabled\0\n", "1", "yes"] {
            assert_eq!(parse(other.as_bytes()), StoredChoice::Corrupt, "{other:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_other_bytes_are_corrupt(bytes: Vec<u8>) {
            prop_assume!(!bytes.starts_with(ENABLED.as_bytes()) && bytes != DISABLED.as_bytes());
            prop_assert_eq!(parse(&bytes), StoredChoice::Corrupt);
        }

        #[test]
        fn so_are_the_right_bytes_with_one_changed(enabled: bool, at: prop::sample::Index, flip in 1..=u8::MAX) {
            let mut bytes = if enabled { ENABLED } else { DISABLED }.as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            prop_assert_eq!(parse(&bytes), StoredChoice::Corrupt);
        }

        /// So the first bytes alone can be read.
        #[test]
        fn the_first_bytes_decide(bytes in "(en|dis)abled\n.{0,40}".prop_map(String::into_bytes)) {
            prop_assert_eq!(parse(&bytes[..bytes.len().min(DECISIVE)]), parse(&bytes));
        }

        #[test]
        fn arbitrary_bytes_after_a_yes_cover_nothing(rest: Vec<u8>) {
            let bytes = [ENABLED.as_bytes(), &rest].concat();
            prop_assert_eq!(covered(&bytes), Covered::default());
        }
    }
}
