//! Versions: the only value that looks like text, although it consists of numbers.

/// A version of one to three parts, each at most 65535.
///
/// ```
/// use telemetry::snapshot::Version;
///
/// let shown = |text: &str| Version::parse(text).map(|version| version.parts().to_vec());
/// assert_eq!(shown("1.4.2"), Some(vec![1, 4, 2]));
/// assert_eq!(shown("^18.2"), Some(vec![18, 2]));
/// assert_eq!(shown("2.0.0-acme.7+build"), Some(vec![2, 0, 0]));
/// assert_eq!(shown(">=1, <2"), None);
/// assert_eq!(shown("git+ssh://git@example.com/x"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    parts: [u16; 3],
    len: u8,
}

impl Version {
    /// A version of three parts.
    #[must_use]
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { parts: [major, minor, patch], len: 3 }
    }

    /// The same version, truncated to its first `len` parts, but at least one.
    #[must_use]
    pub const fn truncated(mut self, len: u8) -> Self {
        if len < self.len {
            self.len = if len == 0 { 1 } else { len };
        }
        self
    }

    /// Parses a version from text.
    ///
    /// Leading `v`, `^`, `~` and `=` are dropped, and so is everything from the
    /// first `-` or `+` on. Any other text, including a range, is not a version.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', '^', '~', '=']);
        let text = text.split(['-', '+']).next().unwrap_or_default();
        let mut version = Self { parts: [0; 3], len: 0 };
        for part in text.split('.') {
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            *version.parts.get_mut(usize::from(version.len))? = part.parse().ok()?;
            version.len += 1;
        }
        Some(version)
    }

    /// The parts: one to three.
    #[must_use]
    pub fn parts(&self) -> &[u16] {
        self.parts.get(..usize::from(self.len)).unwrap_or(&self.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_pass() {
        for text in ["", "v", ".", "1.", ".1", "1..2", "1.2.3.4", "65536", "1.x", "*", "latest", "1 || 2", "１", "1.-2"]
        {
            assert_eq!(Version::parse(text), None, "{text}");
        }
        assert_eq!(Version::parse("v65535.0.1-rc.1"), Some(Version::new(65535, 0, 1)));
        assert_eq!(Version::parse("~7").map(|v| v.parts().to_vec()), Some(vec![7]));
    }
}
