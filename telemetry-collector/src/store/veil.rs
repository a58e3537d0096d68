//! Payloads that wait for their schemas, without the texts of their senders.
//!
//! Until its schema is known, a payload can hold any text. So each text in it is replaced by a hash under the id of the event, and so is
//! the name of the event. All texts that an event may have are in its schema: names of members and words. Once the schema comes, the hashes
//! of its texts are turned back into these texts. What is left is not in the schema, and the event is rejected.
//!
//! A payload comes back exactly when its schema accepts it. Of what no schema accepts, a mark is left in its place, so that the event is
//! rejected for the same fault as if its schema had been known: white space, a text with an escape, a number in another form than that of an
//! integer, or one of more than 18 digits.
//!
//! Kept as they are: the structure, `true`, `false` and `null`, integers of up to 18 digits, and versions such as `1.20.3`. They are
//! held against bounds, and stored as they were sent, so they have to come back whatever they are. A hash would not hide them: they are
//! so few that all of them can be tried, by the collector (which it would have to do for each number of each event) and by everybody else who
//! has the file.
//!
//! A guess at a text can be checked by who has the file. The id of the event keeps equal texts of two events from being recognized.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::arrival::SchemaHash;
use crate::check::{KnownSchema, is_version};

/// The bytes of a hash that are kept. Two texts of a schema have the same hash with a chance of one in 2^80.
const HASH: usize = 12;

type Hash = [u8; HASH];

/// As many digits can a number have that a schema accepts.
const MOST_DIGITS: usize = 18;

/// A hidden text: its hash follows.
const TEXT: u8 = b'h';
/// A text that was there before: its place among the different ones follows.
const AGAIN: u8 = b'a';
/// A text with an escape.
const ESCAPE: u8 = b'e';
/// A number in another form.
const FORM: u8 = b'm';
/// A number of too many digits.
const LONG: u8 = b'l';
/// White space.
const SPACE: u8 = b' ';
/// What is not JSON.
const OTHER: u8 = b'?';

const LITERALS: [&[u8]; 3] = [b"true", b"false", b"null"];

/// The payload as it is stored.
pub(super) fn hide(payload: &[u8], id: &[u8]) -> Vec<u8> {
    let mut hiding = Hiding { hidden: Vec::with_capacity(payload.len()), seen: HashMap::new(), id };
    let mut rest = payload;
    while !rest.is_empty() {
        let (token, after) = rest.split_at(length(rest));
        hiding.put(token);
        rest = after;
    }
    hiding.hidden
}

struct Hiding<'p> {
    hidden: Vec<u8>,
    /// The places of the texts that were there.
    seen: HashMap<&'p [u8], u16>,
    id: &'p [u8],
}

impl<'p> Hiding<'p> {
    fn put(&mut self, token: &'p [u8]) {
        match token {
            [b'"', .., b'"'] => self.put_text(token),
            [b'{' | b'}' | b'[' | b']' | b':' | b','] => self.hidden.extend(token),
            [b'-' | b'0'..=b'9', ..] => match form(token) {
                Form::Kept => self.hidden.extend(token),
                Form::Long => self.hidden.push(LONG),
                Form::Other => self.hidden.push(FORM),
            },
            [first, ..] if LITERALS.contains(&token) => self.hidden.push(*first),
            [b' ' | b'\t' | b'\n' | b'\r', ..] => self.hidden.push(SPACE),
            _ => self.hidden.push(OTHER),
        }
    }

    fn put_text(&mut self, token: &'p [u8]) {
        let text = inside(token);
        if text.contains(&b'\\') {
            self.hidden.push(ESCAPE);
        } else if is_version(text) {
            self.hidden.extend(token);
        } else if let Some(place) = self.seen.get(text) {
            self.hidden.push(AGAIN);
            self.hidden.extend(place.to_be_bytes());
        } else {
            self.hidden.push(TEXT);
            self.hidden.extend(hash(self.id, text));
            if let Ok(place) = u16::try_from(self.seen.len()) {
                self.seen.insert(text, place);
            }
        }
    }
}

/// The payload as it was sent, if the schema is its schema. Otherwise, something that the schema rejects.
pub(super) fn reveal(hidden: &[u8], id: &[u8], schema: &KnownSchema) -> Vec<u8> {
    let known = schema.texts().map(|text| (hash(id, text.as_bytes()), text)).collect();
    let mut revealing = Revealing { known, seen: Vec::new(), payload: Vec::with_capacity(2 * hidden.len()) };
    let mut rest = hidden;
    while let Some((mark, after)) = rest.split_first() {
        // A row that was damaged ends with what is not JSON.
        let end = revealing.put(*mark, after);
        rest = end.unwrap_or_else(|| {
            revealing.payload.push(OTHER);
            &[]
        });
    }
    revealing.payload
}

struct Revealing<'s> {
    known: HashMap<Hash, &'s str>,
    /// The texts that were there. No schema has an empty one, so that it stands for any other text.
    seen: Vec<&'s str>,
    payload: Vec<u8>,
}

impl Revealing<'_> {
    /// Adds what a mark stands for. Gives what follows it.
    fn put<'h>(&mut self, mark: u8, after: &'h [u8]) -> Option<&'h [u8]> {
        let (token, rest): (&[u8], _) = match mark {
            TEXT => {
                let (hash, rest) = after.split_first_chunk()?;
                let text = self.known.get(hash).copied().unwrap_or_default();
                self.seen.push(text);
                self.put_text(text);
                return Some(rest);
            }
            AGAIN => {
                let (place, rest) = after.split_first_chunk()?;
                self.put_text(self.seen.get(usize::from(u16::from_be_bytes(*place))).copied()?);
                return Some(rest);
            }
            // A version.
            b'"' => {
                let end = after.iter().position(|byte| *byte == b'"')?;
                let (version, rest) = after.split_at_checked(end + 1)?;
                self.payload.push(b'"');
                (version, rest)
            }
            ESCAPE => (br#""\n""#, after),
            FORM => (b"0.0", after),
            LONG => (b"1000000000000000000", after),
            b't' => (b"true", after),
            b'f' => (b"false", after),
            b'n' => (b"null", after),
            _ => {
                self.payload.push(mark);
                return Some(after);
            }
        };
        self.payload.extend(token);
        Some(rest)
    }

    fn put_text(&mut self, text: &str) {
        self.payload.push(b'"');
        self.payload.extend(text.as_bytes());
        self.payload.push(b'"');
    }
}

/// The name of an event as it is stored beside the hash of its schema.
pub(super) fn name(schema: SchemaHash, event: &str) -> Hash {
    hash(&schema.0, event.as_bytes())
}

/// The length of the token with which the bytes begin.
fn length(bytes: &[u8]) -> usize {
    let run = |is_part: fn(&u8) -> bool| bytes.iter().take_while(|byte| is_part(byte)).count();
    match bytes.first() {
        Some(b'"') => {
            let mut is_escaped = false;
            let end = bytes.iter().skip(1).position(|byte| {
                let is_end = *byte == b'"' && !is_escaped;
                is_escaped = *byte == b'\\' && !is_escaped;
                is_end
            });
            end.map_or(bytes.len(), |end| end + 2)
        }
        Some(b'-' | b'0'..=b'9') => run(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')),
        Some(b' ' | b'\t' | b'\n' | b'\r') => run(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')),
        Some(_) => LITERALS.iter().find(|literal| bytes.starts_with(literal)).map_or(1, |literal| literal.len()),
        None => 0,
    }
}

/// What is kept of a number.
enum Form {
    /// All of it.
    Kept,
    /// That it is an integer of too many digits.
    Long,
    /// That it is something else.
    Other,
}

fn form(number: &[u8]) -> Form {
    let digits = number.strip_prefix(b"-").unwrap_or(number);
    let is_integer = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let is_canonical = is_integer && (digits.first() != Some(&b'0') || number == b"0");
    match digits.len() {
        _ if !is_canonical => Form::Other,
        0..=MOST_DIGITS => Form::Kept,
        _ => Form::Long,
    }
}

/// The text between its quotes. The second one is missing if it is not JSON.
fn inside(token: &[u8]) -> &[u8] {
    let text = token.strip_prefix(b"\"").unwrap_or(token);
    text.strip_suffix(b"\"").unwrap_or(text)
}

fn hash(under: &[u8], text: &[u8]) -> Hash {
    let mut digest = Sha256::new();
    // Without its length, the end of one part could be the beginning of the other.
    digest.update([u8::try_from(under.len()).unwrap_or(u8::MAX)]);
    digest.update(under);
    digest.update(text);
    let mut hash = [0; HASH];
    hash.iter_mut().zip(digest.finalize()).for_each(|(to, byte)| *to = byte);
    hash
}

#[cfg(test)]
mod tests;
