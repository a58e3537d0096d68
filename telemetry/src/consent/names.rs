//! The two names that an application chooses: the prefix of its variables, and the name of its directory.

use crate::storage::location::is_application;

/// Longest prefix, in bytes: its variable still fits on a line of eighty columns.
pub(crate) const LONGEST_PREFIX: usize = 48;

/// An unusable name. Telemetry is then off, since no denial could be read under that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// The prefix must be 1 to 48 upper-case letters, digits and `_`, and begin with a letter.
    #[error("the prefix must be 1 to 48 of A-Z, 0-9 and _, and begin with a letter, as in ACME")]
    Prefix,
    /// The name is not a directory name that is safe on every platform.
    #[error(
        "the application's name must be 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-', begin with a letter or digit, \
         not end with '.', and be no device name of Windows, as in acme-cli"
    )]
    Application,
}

/// What the question says of the application: its two names, and whether a no asks the receiver for deletion.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    pub(crate) prefix: &'static str,
    pub(crate) application: &'static str,
    pub(crate) asks_for_deletion: bool,
}

pub(crate) fn check(prefix: &str, application: &str) -> Result<(), NameError> {
    if !is_prefix(prefix) {
        Err(NameError::Prefix)
    } else if !is_application(application) {
        Err(NameError::Application)
    } else {
        Ok(())
    }
}

fn is_prefix(prefix: &str) -> bool {
    prefix.len() <= LONGEST_PREFIX
        && prefix.starts_with(|first: char| first.is_ascii_uppercase())
        && prefix.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::location::LONGEST_APPLICATION as LONGEST;

    #[test]
    fn names_that_are_safe_everywhere_can_be_used() {
        let longest = "A".repeat(LONGEST);
        for prefix in ["A", "ACME", "BETTER_AUTH", "A1_", &longest[..LONGEST_PREFIX]] {
            assert_eq!(check(prefix, "acme"), Ok(()), "{prefix}");
        }
        for name in ["a", "acme", "acme-cli", "Acme.Cli_2", "7zip", "console", "com", "com10", "nully", &longest] {
            assert_eq!(check("ACME", name), Ok(()), "{name}");
        }
    }

    #[test]
    fn all_others_cannot() {
        let too_long = "A".repeat(LONGEST + 1);
        for prefix in [
            "",
            "acme",
            "_ACME",
            "1ACME",
            "AC-ME",
            "AC ME",
            "A=B",
            "A\0",
            "ÄCME",
            "ACME ",
            &too_long[..LONGEST_PREFIX + 1],
        ] {
            assert_eq!(check(prefix, "acme"), Err(NameError::Prefix), "{prefix}");
        }
        for name in [
            "", ".", "..", ".acme", "-acme", "_acme", "acme.", "a/b", "../acme", "a\\b", "C:acme", "a b", "a\0", "a\n",
            "äcme", "~", "con", "NUL", "aux.d", "Com1", "lpt9.txt", "com0", &too_long,
        ] {
            assert_eq!(check("ACME", name), Err(NameError::Application), "{name}");
        }
    }
}
