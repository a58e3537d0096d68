//! The lines of a spool file. Each is authenticated, so that only lines written by this user's own programs are sent.
//!
//! ```text
//! {"mac":"<64 hex digits>","id":"…","at":1700000000,"up":5000,"boot":7,"schema":"<64 hex digits>","body":{…}}
//! {"mac":"<64 hex digits>","done":"…"}
//! ```
//!
//! The MAC covers the exact bytes of the line after its own digits. It is verified before anything is parsed.

use std::borrow::Cow;
use std::io;

use hmac::Mac as _;
use serde::{Deserialize, Serialize};

use crate::clock::Stamp;
use crate::identity::Salt;
use crate::identity::hmac::{HmacSha256, hmac};
use crate::storage::line;

/// The start of a line, before the digits of its MAC.
const START: &[u8] = br#"{"mac":""#;

/// The number of digits in a MAC.
const CODE: usize = 64;

/// The text that follows these digits in the line of an event.
const EVENT: &[u8] = br#"","id":"#;
const DONE: &[u8] = br#"","done":"#;
const TAKEN: &[u8] = br#"","taken":"#;

/// The key that authenticates lines. It is bound to the application and to the destination of its events.
#[derive(Clone)]
pub(crate) struct SpoolKey([u8; 32]);

/// An event that is still to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredEvent {
    pub(crate) id: String,
    /// When it was published.
    pub(crate) at: Stamp,
    /// The hash of the event's schema, in hexadecimal.
    pub(crate) schema: String,
    /// One JSON object, byte for byte as it is sent, unless the context still has to be added.
    pub(crate) body: String,
    /// Whether the event must still get the context, which was not known when it was written.
    pub(crate) lacks_context: bool,
    /// Whether a yes of the operator accepted it. The user's yes may not cover it.
    pub(crate) by_operator: bool,
    /// Whether its anonymous id was drawn for the process that published it.
    pub(crate) is_ephemeral: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(in crate::delivery) enum Line {
    Event(StoredEvent),
    /// The event with this id does not need to be sent any more.
    Done(String),
    /// The counts of this day, and of all days before it, have been taken. Only in files of counted events.
    Taken(Stamp),
}

/// An event as it is written, before its body.
#[derive(Deserialize, Serialize)]
struct EventHead<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    at: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    up: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    boot: Option<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    lacks_context: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    by_operator: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_ephemeral: bool,
    #[serde(borrow)]
    schema: Cow<'a, str>,
}

#[derive(Deserialize, Serialize)]
struct DoneLine<'a> {
    #[serde(borrow)]
    done: Cow<'a, str>,
}

#[derive(Deserialize, Serialize)]
struct TakenLine {
    taken: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    up: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    boot: Option<u64>,
}

impl SpoolKey {
    pub(crate) fn new(salt: &Salt, application: &str, destination: &str) -> Self {
        Self(salt.key("spool 1", &[application, destination]))
    }

    /// The key of the files of counted events.
    pub(in crate::delivery) fn of_counts(salt: &Salt, application: &str, destination: &str) -> Self {
        Self(salt.key("counted 1", &[application, destination]))
    }

    /// The prefix of the file names. Each destination has its own.
    pub(super) fn prefix(&self) -> String {
        format!("{}{}-", super::PREFIX, self.label())
    }

    /// Distinguishes the files of one destination from those of another.
    pub(crate) fn label(&self) -> String {
        let mut code = base16ct::lower::encode_string(&self.code(b"prefix").finalize().into_bytes());
        code.truncate(16);
        code
    }

    pub(in crate::delivery) fn code(&self, text: &[u8]) -> HmacSha256 {
        hmac(&self.0).chain_update(text)
    }

    /// The line of an event, with its line ending. Fails if the body is not JSON.
    pub(in crate::delivery) fn event(&self, event: &StoredEvent) -> io::Result<Vec<u8>> {
        let StoredEvent { id, at: Stamp { at, up, boot }, schema, body, lacks_context, by_operator, is_ephemeral } =
            event;
        let (at, up, boot) = (*at, *up, *boot);
        let (lacks_context, by_operator, is_ephemeral) = (*lacks_context, *by_operator, *is_ephemeral);
        let head =
            EventHead { id: id.into(), at, up, boot, lacks_context, by_operator, is_ephemeral, schema: schema.into() };
        Ok(self.line(&line::write(&head, body)?))
    }

    /// The line that marks an event as done, with its line ending.
    pub(super) fn done(&self, id: &str) -> io::Result<Vec<u8>> {
        Ok(self.line(&serde_json::to_string(&DoneLine { done: id.into() })?))
    }

    /// The line that tells of which days the counts have been taken, with its line ending.
    pub(in crate::delivery) fn taken(&self, day: &Stamp) -> io::Result<Vec<u8>> {
        let Stamp { at: taken, up, boot } = *day;
        Ok(self.line(&serde_json::to_string(&TakenLine { taken, up, boot })?))
    }

    fn line(&self, json: &str) -> Vec<u8> {
        // The object's opening brace precedes the MAC.
        let text = [b"\",", json.as_bytes().get(1..).unwrap_or_default()].concat();
        let code = base16ct::lower::encode_string(&self.code(&text).finalize().into_bytes());
        [START, code.as_bytes(), &text, b"\n"].concat()
    }

    /// The meaning of a line without its line ending; `None` unless it was written under this key.
    pub(in crate::delivery) fn read(&self, line: &[u8]) -> Option<Line> {
        let (code, text) = split(line)?;
        self.code(text).verify_slice(&base16ct::lower::decode_vec(code).ok()?).ok()?;
        if text.starts_with(DONE) {
            let DoneLine { done } = serde_json::from_slice(line).ok()?;
            return Some(Line::Done(done.into_owned()));
        }
        if text.starts_with(TAKEN) {
            let TakenLine { taken: at, up, boot } = serde_json::from_slice(line).ok()?;
            return Some(Line::Taken(Stamp { at, up, boot }));
        }
        let (EventHead { id, at, up, boot, lacks_context, by_operator, is_ephemeral, schema }, body) =
            line::read(line)?;
        let (id, at, schema) = (id.into_owned(), Stamp { at, up, boot }, schema.into_owned());
        Some(Line::Event(StoredEvent {
            id,
            at,
            schema,
            body: body.to_owned(),
            lacks_context,
            by_operator,
            is_ephemeral,
        }))
    }
}

#[cfg(all(feature = "http", any(fuzzing, test)))]
impl SpoolKey {
    pub(in crate::delivery) const fn for_fuzzing() -> Self {
        Self([9; 32])
    }

    /// The line with this text after its digits.
    pub(in crate::delivery) fn sign(&self, text: &[u8]) -> Vec<u8> {
        let code = base16ct::lower::encode_string(&self.code(text).finalize().into_bytes());
        [START, code.as_bytes(), text].concat()
    }
}

/// The length of the line that marks an event with this id as done. Ids have no characters that JSON escapes.
pub(super) const fn length_of_done(id: &str) -> u64 {
    (START.len() + CODE + DONE.len() + 1 + id.len() + "\"}\n".len()) as u64
}

/// The digits of a line's MAC, and the bytes that it covers.
fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    line.strip_prefix(START)?.split_at_checked(CODE)
}

/// The number of events in a file that are still to be sent according to its lines, authentic or not.
pub(super) fn count(bytes: &[u8]) -> usize {
    let lines_with = |beginning: &[u8]| {
        let is_one = |line: &&[u8]| split(line).is_some_and(|(_, text)| text.starts_with(beginning));
        bytes.split(|byte| *byte == b'\n').filter(is_one).count()
    };
    lines_with(EVENT).saturating_sub(lines_with(DONE))
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    impl SpoolKey {
        pub(in crate::delivery) const fn for_tests() -> Self {
            Self([7; 32])
        }

        pub(in super::super) const fn of_another() -> Self {
            Self([8; 32])
        }
    }

    pub(in super::super) fn key() -> SpoolKey {
        SpoolKey::for_tests()
    }

    pub(in crate::delivery) fn stored(id: &str, at: u64) -> StoredEvent {
        StoredEvent {
            id: id.to_owned(),
            at: Stamp { at, up: None, boot: None },
            schema: "5c".repeat(32),
            lacks_context: false,
            by_operator: false,
            is_ephemeral: false,
            body: format!(r#"{{"type":"started","payload":{{"id":"{id}"}}}}"#),
        }
    }

    #[test]
    fn what_is_written_is_one_line_of_json_and_read_back() {
        let event = stored("ab-1", 17);
        let line = key().event(&event).unwrap();
        let (end, line) = line.split_last().unwrap();
        assert_eq!(*end, b'\n');
        assert!(!line.contains(end));
        let json: serde_json::Value = serde_json::from_slice(line).unwrap();
        assert_eq!((&json["id"], &json["at"]), (&"ab-1".into(), &17.into()));
        assert_eq!(json["body"]["type"], "started");
        assert_eq!(key().read(line), Some(Line::Event(event.clone())));
        let measured =
            StoredEvent { at: Stamp { at: 17, up: Some(-5), boot: Some(u64::MAX) }, lacks_context: true, ..event };
        let measured = StoredEvent { by_operator: true, is_ephemeral: true, ..measured };
        let line = key().event(&measured).unwrap();
        assert_eq!(key().read(line.trim_ascii_end()), Some(Line::Event(measured)));

        let done = key().done("ab-1").unwrap();
        serde_json::from_slice::<serde_json::Value>(&done).unwrap();
        assert_eq!(key().read(done.trim_ascii_end()), Some(Line::Done("ab-1".into())));
        assert_eq!(done.len() as u64, length_of_done("ab-1"));
    }

    /// Written by the first version, which assembled its lines by hand.
    #[test]
    fn a_line_of_the_first_version_is_read() {
        let line = concat!(
            r#"{"mac":"9bce2ef05110431cc05d17d5d24ec67c5d64be187f0c1053bf573ae9cb66dcf5","#,
            r#""id":"ab-1","at":17,"schema":"5c","body":{"type":"started","payload":{"x":1.50}}}"#,
        );
        let event = StoredEvent {
            id: "ab-1".into(),
            at: Stamp { at: 17, up: None, boot: None },
            schema: "5c".into(),
            lacks_context: false,
            by_operator: false,
            is_ephemeral: false,
            body: r#"{"type":"started","payload":{"x":1.50}}"#.into(),
        };
        assert_eq!(key().read(line.as_bytes()), Some(Line::Event(event.clone())));
        assert_eq!(key().event(&event).unwrap(), format!("{line}\n").into_bytes());
    }

    #[test]
    fn a_body_that_is_not_json_is_not_written() {
        for body in ["", "{", "{}}", "{}\n{}"] {
            assert!(key().event(&StoredEvent { body: body.into(), ..stored("ab-1", 17) }).is_err(), "{body}");
        }
    }

    #[test]
    fn another_key_writes_and_reads_other_lines() {
        let other = SpoolKey::of_another();
        assert_eq!(key().read(other.done("ab-1").unwrap().trim_ascii_end()), None);
        assert_ne!(key().prefix(), other.prefix());
    }

    #[test]
    fn events_are_counted_without_the_key() {
        let [one, two] = ["1", "2"].map(|id| key().event(&stored(id, 17)).unwrap());
        assert_eq!(count(&[&one, &*two, b"rubbish\n", &key().done("1").unwrap(), &one[..20]].concat()), 1);
        assert_eq!((count(b""), count(&key().done("1").unwrap())), (0, 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn arbitrary_bytes_are_not_a_line(bytes: Vec<u8>) {
            prop_assert_eq!(key().read(&bytes), None);
        }

        #[test]
        fn a_line_with_one_byte_changed_is_not_read(at: prop::sample::Index, flip in 1..=u8::MAX) {
            let mut line = key().event(&stored("ab-1", 17)).unwrap();
            line.pop();
            let at = at.index(line.len());
            line[at] ^= flip;
            prop_assert_eq!(key().read(&line), None);
        }

        #[test]
        fn a_line_that_was_cut_off_is_not_read(at: prop::sample::Index) {
            let mut line = key().event(&stored("ab-1", 17)).unwrap();
            line.truncate(at.index(line.len() - 1));
            prop_assert_eq!(key().read(&line), None);
        }
    }
}
