//! The password of the engine.

use std::fmt;

/// A password. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What is sent to the engine.
    #[cfg(feature = "clickhouse")]
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}
