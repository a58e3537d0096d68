//! The secret that opens the page, the API and the metrics.

use std::fmt;

use subtle::ConstantTimeEq as _;

/// The shortest token that is accepted.
const MIN_LENGTH: usize = 16;

/// A token. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Reads a token; a line break at its end does not belong to it.
    ///
    /// # Errors
    ///
    /// If it has fewer than 16 characters, or others than a header can carry.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let text = text.trim_end_matches(['\r', '\n']);
        let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if text.len() < MIN_LENGTH || !is_visible {
            return Err("a token of at least 16 visible ASCII characters, as `openssl rand -hex 32` makes them");
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether this is the token, in a time that tells nothing but its length.
    #[must_use]
    pub fn is(&self, given: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(given).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_enough_and_never_shown() {
        let token = Token::new("0123456789abcdef\n").unwrap();
        assert!(token.is(b"0123456789abcdef"));
        for other in ["0123456789abcdeF", "0123456789abcde", "0123456789abcdef0", ""] {
            assert!(!token.is(other.as_bytes()), "{other}");
        }
        assert_eq!(format!("{token:?}"), "Token");
        for bad in ["", "0123456789abcde", "0123456789 abcdef", "0123456789abcdé"] {
            assert!(!Token::new(bad).unwrap_err().contains("0123"), "{bad}");
        }
    }
}
