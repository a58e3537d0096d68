//! The last bodies that were sent, for the user to read.

use std::fs;
use std::io::Write as _;

use serde::Serialize;
use serde::de::IgnoredAny;

use super::{StateDirectory, read_at_most};

pub(super) const NAME: &str = "sent.ndjson";

/// What the file becomes when it is full, in place of the one before: a rename leaves nothing behind, wherever a process ends.
pub(super) const BEFORE: &str = "sent-before.ndjson";

/// How many are told, and how many a file holds.
const KEPT: usize = 20;

/// Most bytes of a file that are read: more than so many of the largest events.
const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// An event that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SentEvent {
    /// When it had been sent, in seconds since 1970.
    pub at: u64,
    /// Its id, the header `Idempotency-Key`.
    pub id: String,
    /// What was sent, to the byte.
    pub body: String,
}

impl StateDirectory {
    /// Adds an event to the file. That it could not be added has no consequence.
    pub(crate) fn record_sent(&self, sent: &SentEvent) {
        let SentEvent { at, id, body } = sent;
        let line = format!("{{\"at\":{at},\"id\":\"{id}\",\"body\":{body}}}\n");
        let added = self.make().and_then(|()| {
            let mut file = self.open_or_create(NAME)?;
            file.write_all(line.as_bytes())
        });
        if added.is_ok() && self.sent_lines(NAME).len() >= KEPT {
            let _ = fs::rename(self.path(NAME), self.path(BEFORE));
        }
    }

    /// The last events that were sent, the newest last.
    pub(crate) fn last_sent(&self) -> Vec<SentEvent> {
        let lines = [BEFORE, NAME].map(|name| self.sent_lines(name)).concat();
        let last = lines.len().saturating_sub(KEPT);
        lines[last..].iter().filter_map(|line| read(line)).collect()
    }

    fn sent_lines(&self, name: &str) -> Vec<String> {
        let bytes = self.open(name).and_then(|file| read_at_most(&file, MAX_BYTES)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).split_inclusive('\n').map(str::to_owned).collect()
    }
}

fn read(line: &str) -> Option<SentEvent> {
    let text = line.strip_prefix(r#"{"at":"#)?.strip_suffix("}\n")?;
    let (at, text) = text.split_once(r#","id":""#)?;
    let (id, body) = text.split_once(r#"","body":"#)?;
    serde_json::from_str::<IgnoredAny>(body).ok()?;
    Some(SentEvent { at: at.parse().ok()?, id: id.to_owned(), body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(at: u64) -> SentEvent {
        SentEvent { at, id: format!("ab-{at}"), body: format!(r#"{{"type":"started","payload":{{"turn":{at}}}}}"#) }
    }

    #[test]
    fn the_last_twenty_are_kept_and_the_files_do_not_grow() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        assert_eq!(state.last_sent(), []);
        for at in 1..=95 {
            state.record_sent(&sent(at));
        }
        assert_eq!(state.last_sent(), (76..=95).map(sent).collect::<Vec<_>>());
        assert_eq!([BEFORE, NAME].map(|name| state.sent_lines(name).len()), [20, 15]);
        for line in [BEFORE, NAME].map(|name| state.sent_lines(name)).concat() {
            serde_json::from_str::<serde_json::Value>(&line).unwrap();
        }
        assert_eq!(state.names(""), [BEFORE, NAME]);
    }

    #[test]
    fn what_somebody_else_wrote_is_left_out() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        state.record_sent(&sent(1));
        let mut bytes = fs::read(state.path(NAME)).unwrap();
        bytes.extend_from_slice(b"\n{}\n\xff\n{\"at\":1,\"id\":\"x\",\"body\":{}}}\n{\"at\":1");
        fs::write(state.path(NAME), bytes).unwrap();
        assert_eq!(state.last_sent(), [sent(1)]);
    }
}
