//! Whether bytes are JSON at all (RFC 8259), whatever they say.

use super::Fault;

/// The deepest nesting of objects and lists. The recorder allows 16 levels, and does not count the entries of maps.
pub(super) const LEVELS: usize = 32;

/// Checks that `bytes` are one JSON value in UTF-8, nested at most 32 levels deep. White space and escapes are allowed.
pub(super) fn check(bytes: &[u8]) -> Result<(), Fault> {
    if str::from_utf8(bytes).is_err() {
        return Err(Fault::Malformed);
    }
    let mut scanner = Scanner { bytes, at: 0 };
    scanner.value()?;
    if scanner.at == bytes.len() { Ok(()) } else { Err(Fault::Malformed) }
}

/// The end of the JSON value that begins at `start`, which is not checked beyond what that needs.
pub(super) fn end_of_value(bytes: &[u8], start: usize) -> Result<usize, Fault> {
    let mut scanner = Scanner { bytes, at: start };
    scanner.value()?;
    Ok(scanner.at)
}

struct Scanner<'b> {
    bytes: &'b [u8],
    at: usize,
}

/// The open containers: one bit each, set for an object.
#[derive(Default)]
struct Open {
    objects: u64,
    levels: usize,
}

impl Open {
    fn enter(&mut self, is_object: bool) -> Result<(), Fault> {
        if self.levels == LEVELS {
            return Err(Fault::TooDeep);
        }
        self.objects = self.objects << 1 | u64::from(is_object);
        self.levels += 1;
        Ok(())
    }

    const fn leave(&mut self) {
        self.objects >>= 1;
        self.levels -= 1;
    }

    const fn is_in_object(&self) -> bool {
        self.objects & 1 == 1
    }
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.at += 1;
        byte
    }

    fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) -> usize {
        let count = self.bytes.get(self.at..).unwrap_or_default().iter().take_while(|byte| is_skipped(**byte)).count();
        self.at += count;
        count
    }

    fn space(&mut self) {
        self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    fn expect(&mut self, token: &[u8]) -> Result<(), Fault> {
        let is_next = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(token));
        self.at += token.len();
        if is_next { Ok(()) } else { Err(Fault::Malformed) }
    }

    /// One value and the white space around it. It does not recurse.
    fn value(&mut self) -> Result<(), Fault> {
        let mut open = Open::default();
        loop {
            self.space();
            match self.peek() {
                Some(b'{') => {
                    self.at += 1;
                    open.enter(true)?;
                    self.space();
                    if self.peek() != Some(b'}') {
                        self.key()?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    open.enter(false)?;
                    self.space();
                    if self.peek() != Some(b']') {
                        continue;
                    }
                }
                _ => self.scalar()?,
            }
            // After a value, or before the end of an empty container.
            loop {
                self.space();
                if open.levels == 0 {
                    return Ok(());
                }
                match (self.next(), open.is_in_object()) {
                    (Some(b','), true) => {
                        self.space();
                        self.key()?;
                        break;
                    }
                    (Some(b','), false) => break,
                    (Some(b'}'), true) | (Some(b']'), false) => open.leave(),
                    _ => return Err(Fault::Malformed),
                }
            }
        }
    }

    fn key(&mut self) -> Result<(), Fault> {
        self.text()?;
        self.space();
        self.expect(b":")
    }

    fn scalar(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'"') => self.text(),
            Some(b't') => self.expect(b"true"),
            Some(b'f') => self.expect(b"false"),
            Some(b'n') => self.expect(b"null"),
            _ => self.number(),
        }
    }

    fn text(&mut self) -> Result<(), Fault> {
        self.expect(b"\"")?;
        loop {
            self.skip(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20));
            match self.next() {
                Some(b'"') => return Ok(()),
                Some(b'\\') => self.escape()?,
                _ => return Err(Fault::Malformed),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        match self.next() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => {
                let digits = self.bytes.get(self.at..self.at + 4);
                self.at += 4;
                let is_code = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
                if is_code { Ok(()) } else { Err(Fault::Malformed) }
            }
            _ => Err(Fault::Malformed),
        }
    }

    fn number(&mut self) -> Result<(), Fault> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let is_zero = self.peek() == Some(b'0');
        let mut is_number = match self.skip(|byte| byte.is_ascii_digit()) {
            0 => false,
            digits => !is_zero || digits == 1,
        };
        if self.peek() == Some(b'.') {
            self.at += 1;
            is_number &= self.skip(|byte| byte.is_ascii_digit()) > 0;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            is_number &= self.skip(|byte| byte.is_ascii_digit()) > 0;
        }
        if is_number { Ok(()) } else { Err(Fault::Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::*;

    #[test]
    fn nesting_is_limited() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = |levels| [open.repeat(levels), "1".to_owned(), close.repeat(levels)].concat();
            assert_eq!(check(nested(LEVELS).as_bytes()), Ok(()));
            assert_eq!(check(nested(LEVELS + 1).as_bytes()), Err(Fault::TooDeep));
            assert_eq!(check(open.repeat(30_000).as_bytes()), Err(Fault::TooDeep));
        }
    }

    #[test]
    fn a_value_ends_where_it_ends() {
        assert_eq!(end_of_value(br#"x{"a":[1]},2"#, 1), Ok(10));
        assert_eq!(end_of_value(b"12,", 0), Ok(2));
        assert_eq!(end_of_value(b"", 7), Err(Fault::Malformed));
    }

    /// Pieces of JSON, in an order in which they are JSON now and then.
    fn pieces() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop::sample::select(vec![
            &b"{"[..],
            b"}",
            b"[",
            b"]",
            b",",
            b":",
            b"\"a\"",
            b"\"a\":",
            b"1",
            b"-0",
            b"01",
            b"1.5e-3",
            b"2.",
            b"1e",
            b"true",
            b"null",
            b" ",
            b"\n",
            b"\"\\u00e9\"",
            b"\"\\u00\"",
            b"\"\\x\"",
            b"\"\0\"",
            b"\xff",
            b"{}",
            b"[]",
            b"\"",
            b"\"\xc3\xa9\"",
            b"fals",
        ]);
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20_000) })]

        #[test]
        fn json_is_what_serde_json_takes_for_json(bytes in pieces()) {
            // From bytes, it does not look at the encoding of texts that it ignores.
            let expected = str::from_utf8(&bytes).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
            prop_assert_eq!(check(&bytes).is_ok(), expected, "{}", String::from_utf8_lossy(&bytes));
        }
    }
}
