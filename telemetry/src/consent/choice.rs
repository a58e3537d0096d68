//! The text of the stored choice. Only the exact text that this crate writes enables telemetry.

use super::decide::StoredChoice;

const ENABLED: &str = "enabled\n";
const DISABLED: &str = "disabled\n";

/// Length of the longer of the two texts, in bytes.
pub(crate) const LONGEST: usize = DISABLED.len();

pub(crate) const fn text(enabled: bool) -> &'static str {
    if enabled { ENABLED } else { DISABLED }
}

pub(crate) fn parse(bytes: &[u8]) -> StoredChoice {
    if bytes == ENABLED.as_bytes() {
        StoredChoice::Enabled
    } else if bytes == DISABLED.as_bytes() {
        StoredChoice::Disabled
    } else {
        StoredChoice::Corrupt
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_exact_text_is_a_choice() {
        assert_eq!(parse(text(true).as_bytes()), StoredChoice::Enabled);
        assert_eq!(parse(text(false).as_bytes()), StoredChoice::Disabled);
        for other in
            ["", "\n", "enabled", "Enabled\n", "enabled\r\n", " enabled\n", "enabled\n\n", "disabled", "1", "yes"]
        {
            assert_eq!(parse(other.as_bytes()), StoredChoice::Corrupt, "{other:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_other_bytes_are_corrupt(bytes: Vec<u8>) {
            prop_assume!(bytes != text(true).as_bytes() && bytes != text(false).as_bytes());
            prop_assert_eq!(parse(&bytes), StoredChoice::Corrupt);
        }

        #[test]
        fn so_are_the_right_bytes_with_one_changed(enabled: bool, at: prop::sample::Index, flip in 1..=u8::MAX) {
            let mut bytes = text(enabled).as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            prop_assert_eq!(parse(&bytes), StoredChoice::Corrupt);
        }
    }
}
