//! The lines of a spool file. Each is authenticated, so that nothing is sent which this user's own programs did not write.
//!
//! ```text
//! {"mac":"<64 hex digits>","id":"…","at":1700000000,"schema":"<64 hex digits>","body":{…}}
//! {"mac":"<64 hex digits>","done":"…"}
//! ```
//!
//! The code covers all that follows it.

use crate::hex;
use crate::identity::Salt;
use crate::identity::hmac::Hmac;

const START: &[u8] = br#"{"mac":""#;
const CODE: usize = 64;
const ID: &str = r#"","id":""#;
const DONE: &str = r#"","done":""#;

/// What lines are authenticated with. It is bound to the application and to where its events go.
#[derive(Clone)]
pub(crate) struct SpoolKey([u8; 32]);

/// An event that is still to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredEvent {
    pub(crate) id: String,
    /// When it was published, in seconds since 1970.
    pub(crate) at: u64,
    /// The hash of the event's schema, in hexadecimal.
    pub(crate) schema: String,
    pub(crate) body: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Event(StoredEvent),
    /// The event of this id needs no more sending.
    Done(String),
}

impl SpoolKey {
    pub(crate) fn new(salt: &Salt, application: &str, destination: &str) -> Self {
        Self(salt.key("spool 1", &[application, destination]))
    }

    /// What the names of the files begin with, so that each destination has its own.
    pub(super) fn prefix(&self) -> String {
        let code = self.code(b"prefix");
        format!("{}{}-", super::PREFIX, code.get(..16).unwrap_or_default())
    }

    fn code(&self, text: &[u8]) -> String {
        hex::encode(&Hmac::new(&self.0).chain_update(text).finalize())
    }

    fn is_code(&self, code: &[u8], text: &[u8]) -> bool {
        hex::decode(code).is_some_and(|code| Hmac::new(&self.0).chain_update(text).verify(&code))
    }

    pub(super) fn event(&self, event: &StoredEvent) -> Vec<u8> {
        let StoredEvent { id, at, schema, body } = event;
        self.line(&format!(r#"{ID}{id}","at":{at},"schema":"{schema}","body":{body}}}"#))
    }

    pub(super) fn done(&self, id: &str) -> Vec<u8> {
        self.line(&format!(r#"{DONE}{id}"}}"#))
    }

    fn line(&self, text: &str) -> Vec<u8> {
        let code = self.code(text.as_bytes());
        [START, code.as_bytes(), text.as_bytes(), b"\n"].concat()
    }

    /// The meaning of a line without its end, if one who knows the key wrote it.
    pub(super) fn read(&self, line: &[u8]) -> Option<Line> {
        let (code, text) = line.strip_prefix(START)?.split_at_checked(CODE)?;
        if !self.is_code(code, text) {
            return None;
        }
        let text = str::from_utf8(text).ok()?;
        if let Some(done) = text.strip_prefix(DONE) {
            return Some(Line::Done(done.strip_suffix(r#""}"#)?.to_owned()));
        }
        let text = text.strip_prefix(ID)?.strip_suffix('}')?;
        let (id, text) = text.split_once(r#"","at":"#)?;
        let (at, text) = text.split_once(r#","schema":""#)?;
        let (schema, body) = text.split_once(r#"","body":"#)?;
        let [id, schema, body] = [id, schema, body].map(str::to_owned);
        Some(Line::Event(StoredEvent { id, at: at.parse().ok()?, schema, body }))
    }
}

/// How many events are still to be sent in a file, as its lines say, whoever wrote them.
pub(super) fn count(bytes: &[u8]) -> usize {
    let begin = |text: &str| {
        let is_one =
            |line: &&[u8]| line.get(START.len() + CODE..).is_some_and(|line| line.starts_with(text.as_bytes()));
        bytes.split(|byte| *byte == b'\n').filter(is_one).count()
    };
    begin(ID).saturating_sub(begin(DONE))
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(in super::super) fn key() -> SpoolKey {
        SpoolKey([7; 32])
    }

    pub(in super::super) fn stored(id: &str, at: u64) -> StoredEvent {
        StoredEvent {
            id: id.to_owned(),
            at,
            schema: "5c".repeat(32),
            body: format!(r#"{{"type":"started","payload":{{"id":"{id}"}}}}"#),
        }
    }

    #[test]
    fn what_is_written_is_one_line_of_json_and_read_back() {
        let event = stored("ab-1", 17);
        let line = key().event(&event);
        let (end, line) = line.split_last().unwrap();
        assert_eq!(*end, b'\n');
        assert!(!line.contains(end));
        let json: serde_json::Value = serde_json::from_slice(line).unwrap();
        assert_eq!((&json["id"], &json["at"]), (&"ab-1".into(), &17.into()));
        assert_eq!(json["body"]["type"], "started");
        assert_eq!(key().read(line), Some(Line::Event(event)));

        let done = key().done("ab-1");
        serde_json::from_slice::<serde_json::Value>(&done).unwrap();
        assert_eq!(key().read(done.trim_ascii_end()), Some(Line::Done("ab-1".into())));
    }

    #[test]
    fn another_key_writes_and_reads_other_lines() {
        let other = SpoolKey([8; 32]);
        assert_eq!(key().read(other.done("ab-1").trim_ascii_end()), None);
        assert_ne!(key().prefix(), other.prefix());
    }

    #[test]
    fn events_are_counted_without_the_key() {
        let [one, two] = ["1", "2"].map(|id| key().event(&stored(id, 17)));
        assert_eq!(count(&[&one, &*two, b"rubbish\n", &key().done("1"), &one[..20]].concat()), 1);
        assert_eq!((count(b""), count(&key().done("1"))), (0, 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn arbitrary_bytes_are_no_line(bytes: Vec<u8>) {
            prop_assert_eq!(key().read(&bytes), None);
        }

        #[test]
        fn nor_is_a_line_with_one_byte_changed(at: prop::sample::Index, flip in 1..=u8::MAX) {
            let mut line = key().event(&stored("ab-1", 17));
            line.pop();
            let at = at.index(line.len());
            line[at] ^= flip;
            prop_assert_eq!(key().read(&line), None);
        }

        #[test]
        fn nor_a_part_of_one(at: prop::sample::Index) {
            let mut line = key().event(&stored("ab-1", 17));
            line.truncate(at.index(line.len() - 1));
            prop_assert_eq!(key().read(&line), None);
        }
    }
}
