//! A strict tokenizer of JSON. It reads the form that a client writes: no white space, no escapes, integers only.

use super::json::end_of_value;
use super::{Fault, Found};

/// The bytes of a payload, and how far they are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Cursor<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) const fn at(&self) -> usize {
        self.at
    }

    pub(super) const fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn since(&self, start: usize) -> &'b [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Moves over `token` if it comes next.
    pub(super) fn take(&mut self, token: &[u8]) -> bool {
        let is_next = self.rest().starts_with(token);
        if is_next {
            self.at += token.len();
        }
        is_next
    }

    /// Moves over one byte if it comes next.
    pub(super) fn take_byte(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// What is wrong with a place where something else should come: white space, or it is not JSON.
    #[cold]
    pub(super) fn misplaced(&self) -> Fault {
        match self.peek() {
            Some(b' ' | b'\t' | b'\n' | b'\r') => Fault::WhiteSpace,
            _ => Fault::Malformed,
        }
    }

    /// What is wrong with a value that is of another kind.
    #[cold]
    pub(super) fn other_kind(&self) -> Fault {
        match self.found() {
            Some(found) => Fault::Kind { found },
            None => self.misplaced(),
        }
    }

    /// The kind of the value that comes next.
    #[cold]
    pub(super) fn found(&self) -> Option<Found> {
        Some(match self.peek()? {
            b'n' => Found::Null,
            b't' | b'f' => Found::Flag,
            b'-' | b'0'..=b'9' => Found::Number,
            b'"' => Found::Text { bytes: self.length_of_text() },
            b'[' => Found::List,
            b'{' => Found::Object,
            _ => return None,
        })
    }

    /// The length of the text that comes next, with its escapes as they are written.
    fn length_of_text(&self) -> usize {
        let mut is_escaped = false;
        let text = self.rest().get(1..).unwrap_or_default();
        let end = text.iter().position(|byte| {
            let is_end = *byte == b'"' && !is_escaped;
            is_escaped = *byte == b'\\' && !is_escaped;
            is_end
        });
        end.unwrap_or(text.len())
    }

    /// Where the value that comes next ends, whatever it is.
    pub(super) fn end_of_value(&self) -> Result<usize, Fault> {
        end_of_value(self.bytes, self.at)
    }

    pub(super) fn flag(&mut self) -> Result<bool, Fault> {
        if self.take(b"true") {
            Ok(true)
        } else if self.take(b"false") {
            Ok(false)
        } else {
            Err(self.other_kind())
        }
    }

    /// A text without escapes: the bytes between its quotes.
    pub(super) fn text(&mut self) -> Result<&'b [u8], Fault> {
        let Some((b'"', text)) = self.rest().split_first() else { return Err(self.other_kind()) };
        let end = text.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
        let Some(end) = end else { return Err(Fault::Malformed) };
        match text.get(end) {
            Some(b'"') => {
                self.at += end + 2;
                Ok(text.get(..end).unwrap_or_default())
            }
            Some(b'\\') => Err(Fault::Escape),
            _ => Err(Fault::Malformed),
        }
    }

    /// An integer in the form in which a client writes it. One that is too large for 64 bits is out of every bounds.
    pub(super) fn integer(&mut self) -> Result<i64, Fault> {
        let start = self.at;
        let is_negative = self.take_byte(b'-');
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let Some(text) = self.rest().get(..digits).filter(|text| !text.is_empty()) else {
            self.at = start;
            return Err(self.other_kind());
        };
        let is_zero = text.first() == Some(&b'0');
        if is_zero && (is_negative || digits > 1) || matches!(self.rest().get(digits), Some(b'.' | b'e' | b'E')) {
            self.at = start;
            return Err(Fault::NumberForm);
        }
        // No more than 18 digits, which cannot overflow.
        if digits > 18 {
            self.at = start;
            return Err(Fault::OutOfBounds);
        }
        self.at += digits;
        let magnitude = text.iter().fold(0_i64, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        Ok(if is_negative { -magnitude } else { magnitude })
    }

    /// A version of one to three parts.
    pub(super) fn version(&mut self) -> Result<(u8, [u16; 3]), Fault> {
        let start = self.at;
        let text = self.text()?;
        parts(text).ok_or_else(|| {
            self.at = start;
            Fault::NotAVersion { bytes: text.len() }
        })
    }
}

/// Whether a text is a version.
pub(crate) fn is_version(text: &[u8]) -> bool {
    parts(text).is_some()
}

/// The parts of a version, each in canonical form.
fn parts(text: &[u8]) -> Option<(u8, [u16; 3])> {
    let (mut parts, mut count) = ([0; 3], 0_u8);
    for part in text.split(|byte| *byte == b'.') {
        let is_canonical = !part.is_empty() && part.len() <= 5 && (part.len() == 1 || part.first() != Some(&b'0'));
        if !is_canonical || !part.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let number = part.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        *parts.get_mut(usize::from(count))? = u16::try_from(number).ok()?;
        count += 1;
    }
    Some((count, parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_one_form() {
        for (text, number) in [("0", 0), ("-7", -7), ("10", 10), ("-9007199254740991", -9_007_199_254_740_991)] {
            assert_eq!(Cursor::new(text.as_bytes()).integer(), Ok(number), "{text}");
        }
        for text in ["-0", "00", "01", "1.0", "1.5", "1e3", "1E3", "0.0", "0e0", "-0.0", "9.9e999"] {
            assert_eq!(Cursor::new(text.as_bytes()).integer(), Err(Fault::NumberForm), "{text}");
        }
        let huge = "9".repeat(60_000);
        for text in ["1000000000000000000", "-9223372036854775808", &huge] {
            assert_eq!(Cursor::new(text.as_bytes()).integer(), Err(Fault::OutOfBounds));
        }
        for text in ["", "-", "+1", "x", "--1", "\"1\"", "null"] {
            assert!(Cursor::new(text.as_bytes()).integer().is_err(), "{text}");
        }
    }

    #[test]
    fn a_version_has_one_to_three_parts_of_16_bits() {
        for (text, version) in [("0", (1, [0, 0, 0])), ("1.2", (2, [1, 2, 0])), ("65535.0.10", (3, [65_535, 0, 10]))] {
            assert_eq!(Cursor::new(format!("\"{text}\"").as_bytes()).version(), Ok(version), "{text}");
        }
        for text in
            ["", ".", "1.", ".1", "1..2", "1.2.3.4", "01", "1.00", "65536", "99999", "100000", "1.x", "v1", "-1", "1 "]
        {
            let fault = Cursor::new(format!("\"{text}\"").as_bytes()).version();
            assert_eq!(fault, Err(Fault::NotAVersion { bytes: text.len() }), "{text}");
        }
    }

    #[test]
    fn a_text_has_neither_escapes_nor_control_characters() {
        assert_eq!(Cursor::new("\"ä b\"x".as_bytes()).text(), Ok("ä b".as_bytes()));
        assert_eq!(Cursor::new(b"\"\"").text(), Ok(&b""[..]));
        assert_eq!(Cursor::new(br#""a\"b""#).text(), Err(Fault::Escape));
        for text in [&b"\"a"[..], b"\"a\0\"", b"\"a\nb\"", b"\""] {
            assert_eq!(Cursor::new(text).text(), Err(Fault::Malformed));
        }
        assert_eq!(Cursor::new(b"[]").text(), Err(Fault::Kind { found: Found::List }));
        assert_eq!(Cursor::new(br#""ab\"c",1"#).found(), Some(Found::Text { bytes: 5 }));
    }
}
