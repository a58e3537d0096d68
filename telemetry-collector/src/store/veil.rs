//! Payloads that wait for their schemas, without the texts of their senders.
//!
//! Until its schema is known, a payload can hold any text. So each text in it is replaced by a hash under the id of the event, and so is
//! the name of the event. All texts that an event may have are in its schema: names of members and words. Once the schema comes, the hashes
//! of its texts are turned back into these texts. What is left is not in the schema, and the event is rejected.
//!
//! Kept as they are: the structure, `true`, `false` and `null`, versions such as `1.20.3`, and numbers of up to 20 bytes. A longer one,
//! which no schema allows, is treated as a text.
//!
//! A guess at a text can be checked by who has the file. The id of the event keeps equal texts of two events from being recognized.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::arrival::SchemaHash;
use crate::check::{KnownSchema, is_version};

/// The first byte of a hidden text: no version begins with it.
const MARK: u8 = b'#';

/// The bytes of a hash that are kept. Two texts of a schema have the same hash with a chance of one in 2^80.
const HASH: usize = 12;

type Hash = [u8; HASH];

/// The longest number that is kept.
const LONGEST_NUMBER: usize = 20;

/// The payload as it is stored.
pub(super) fn hide(payload: &[u8], id: &[u8]) -> Vec<u8> {
    let mut hidden = Vec::with_capacity(payload.len() * 2);
    let mut rest = payload;
    while let Some(byte) = rest.first() {
        let (token, after) = rest.split_at(length(rest));
        rest = after;
        match byte {
            b'"' => {
                let text = inside(token);
                if is_version(text) { hidden.extend(token) } else { put(&mut hidden, text, id) }
            }
            b'{' | b'}' | b'[' | b']' | b':' | b',' => hidden.extend(token),
            b'-' | b'0'..=b'9' if token.len() > LONGEST_NUMBER => put(&mut hidden, token, id),
            b'-' | b'0'..=b'9' => hidden.extend(token),
            _ if LITERALS.contains(&token) => hidden.extend(token),
            // White space, or what is not JSON.
            _ => {}
        }
    }
    hidden
}

/// The payload as it was sent, if the schema is its schema. A text that is not in the schema becomes question marks.
pub(super) fn reveal(hidden: &[u8], id: &[u8], schema: &KnownSchema) -> Vec<u8> {
    let known: HashMap<Hash, &str> = schema.texts().map(|text| (hash(id, text.as_bytes()), text)).collect();
    let mut payload = Vec::with_capacity(hidden.len());
    let mut rest = hidden;
    while !rest.is_empty() {
        let (token, after) = rest.split_at(length(rest));
        rest = after;
        match token.strip_prefix(&[b'"', MARK]).and_then(read) {
            Some((hash, length)) => {
                payload.push(b'"');
                match known.get(&hash) {
                    Some(text) => payload.extend(text.as_bytes()),
                    None => payload.resize(payload.len() + usize::from(length), b'?'),
                }
                payload.push(b'"');
            }
            None => payload.extend(token),
        }
    }
    payload
}

/// The name of an event as it is stored beside the hash of its schema.
pub(super) fn name(schema: SchemaHash, event: &str) -> Hash {
    hash(&schema.0, event.as_bytes())
}

const LITERALS: [&[u8]; 3] = [b"true", b"false", b"null"];

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
        Some(_) => LITERALS.iter().find(|literal| bytes.starts_with(literal)).map_or(1, |literal| literal.len()),
        None => 0,
    }
}

/// The text between its quotes. The second one is missing if it is not JSON.
fn inside(token: &[u8]) -> &[u8] {
    let text = token.strip_prefix(b"\"").unwrap_or(token);
    text.strip_suffix(b"\"").unwrap_or(text)
}

/// Adds the hash and the length of a text, as a text. A reason tells the length later; it is kept up to 255.
fn put(hidden: &mut Vec<u8>, text: &[u8], id: &[u8]) {
    let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
    let digits = HEXLOWER.encode(&[&hash(id, text)[..], &[length]].concat());
    hidden.extend([b'"', MARK]);
    hidden.extend(digits.as_bytes());
    hidden.push(b'"');
}

fn read(token: &[u8]) -> Option<(Hash, u8)> {
    let bytes = HEXLOWER.decode(token.strip_suffix(b"\"")?).ok()?;
    let (length, hash) = bytes.split_last()?;
    Some((hash.try_into().ok()?, *length))
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
mod tests {
    use proptest::prelude::*;
    use telemetry::TelemetrySnapshot;
    use telemetry::schema::Released;

    use super::*;

    #[derive(TelemetrySnapshot)]
    struct Run {
        by_hand: bool,
        #[telemetry(one_of("build", "1.5", "test ä", "#ab"))]
        command: String,
        #[telemetry(version)]
        compiler: String,
        #[telemetry(number(max = 99))]
        wait: u8,
    }

    fn run() -> KnownSchema {
        KnownSchema::new("run", "0.1.0", "2026-11-27", Released::of(&Run::SCHEMA))
    }

    #[test]
    fn texts_are_hidden_and_come_back_with_the_schema_and_the_id() {
        for command in ["build", "1.5", "test ä", "#ab"] {
            let payload = format!(r#"{{"by_hand":true,"command":"{command}","compiler":"1.97.0","wait":-99}}"#);
            let hidden = hide(payload.as_bytes(), b"id");
            let text = str::from_utf8(&hidden).unwrap();
            for part in ["by_hand", "command\"", "wait", "build", "test", "#ab\""] {
                assert!(!text.contains(part), "{text}");
            }
            assert!(text.contains(r#""1.97.0""#) && text.ends_with(":-99}"), "{text}");
            assert_eq!(reveal(&hidden, b"id", &run()), payload.as_bytes());
            assert_ne!(hidden, hide(payload.as_bytes(), b"di"), "equal texts of two events are not recognized");
        }
    }

    #[test]
    fn what_the_schema_does_not_know_stays_hidden_with_its_length() {
        let payload = br#"{"by_hand":true,"secret":"hunter2","at":["192.168.0.7",1e3,123456789012345678901]}"#;
        let revealed = reveal(&hide(payload, b"id"), b"id", &run());
        let expected = br#"{"by_hand":true,"??????":"???????","??":["???????????",1e3,"?????????????????????"]}"#;
        assert_eq!(str::from_utf8(&revealed), str::from_utf8(expected));
        let long = format!(r#"{{"{}":1}}"#, "x".repeat(1_000));
        assert_eq!(reveal(&hide(long.as_bytes(), b"id"), b"id", &run()).len(), 255 + "{\"\":1}".len());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn nothing_but_punctuation_literals_numbers_and_versions_is_left(
            pieces in proptest::collection::vec(
                prop_oneof![
                    prop::sample::select(vec!["{", "}", "[", "]", ",", ":", "\"", "\\", "true", "null", " ", "-7", "1.2.3"])
                        .prop_map(str::to_owned),
                    "[g-z]{1,9}",
                ],
                0..30,
            ),
        ) {
            let hidden = hide(pieces.concat().as_bytes(), b"id");
            let mut text = String::from_utf8(hidden).unwrap();
            for literal in ["true", "false", "null"] {
                text = text.replace(literal, "");
            }
            prop_assert!(!text.contains(|character| matches!(character, 'g'..='z' | ' ' | '\\')), "{}", text);
        }
    }
}
