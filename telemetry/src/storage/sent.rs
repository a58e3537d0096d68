//! The last bodies that were sent, for the user to read.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _};

use serde::{Deserialize, Serialize};

use super::paths::{SENT, SENT_BEFORE, SENT_EVENTS};
use super::{StateDirectory, append, line, read_at_most};

/// Maximum number of bytes read from a file: enough for `SENT_EVENTS` events of the largest size.
const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// An event that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SentEvent {
    /// When the event was sent, in seconds since 1970.
    pub at: u64,
    /// The event's id, as in the header `Idempotency-Key`, or in its line of a batch.
    pub id: String,
    /// The exact bytes that were sent. In a batch, `id`, `schema` and `age` came before its members.
    pub body: String,
}

/// An event as it is written, before its body.
#[derive(Deserialize, Serialize)]
struct Head<'a> {
    at: u64,
    #[serde(borrow)]
    id: Cow<'a, str>,
}

impl StateDirectory {
    /// Adds an event to the file. A failure has no consequence.
    pub(crate) fn record_sent(&self, sent: &SentEvent) {
        let added = self.add_sent(sent);
        let is_full = || self.length(SENT) >= MAX_BYTES || self.sent_lines(SENT).len() >= SENT_EVENTS;
        if added.is_ok() && is_full() {
            // A rename is atomic, so no partial state remains wherever a process ends.
            let _ = fs::rename(self.path(SENT), self.path(SENT_BEFORE));
        }
    }

    fn add_sent(&self, sent: &SentEvent) -> io::Result<()> {
        let mut line = line::write(&Head { at: sent.at, id: Cow::Borrowed(&sent.id) }, &sent.body)?;
        line.push('\n');
        self.make()?;
        let mut file = self.open_to_append(SENT)?;
        if !ends_a_line(&mut file)? {
            line.insert(0, '\n');
        }
        append(&mut file, line.as_bytes())
    }

    /// The last events that were sent, the newest last.
    pub(crate) fn last_sent(&self) -> Vec<SentEvent> {
        let lines = [SENT_BEFORE, SENT].map(|name| self.sent_lines(name)).concat();
        let last = lines.len().saturating_sub(SENT_EVENTS);
        lines[last..].iter().filter_map(|line| read(line)).collect()
    }

    /// The lines of a file with their terminators, if it exists.
    fn sent_lines(&self, name: &str) -> Vec<Vec<u8>> {
        let bytes = self.open(name).and_then(|file| read_at_most(&file, MAX_BYTES)).unwrap_or_default();
        bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
    }
}

/// A line truncated by a crash must not corrupt the next one.
fn ends_a_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(io::SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

fn read(line: &[u8]) -> Option<SentEvent> {
    let (Head { at, id }, body) = line::read(line.strip_suffix(b"\n")?)?;
    Some(SentEvent { at, id: id.into_owned(), body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

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
        assert_eq!([SENT_BEFORE, SENT].map(|name| state.sent_lines(name).len()), [20, 15]);
        for line in [SENT_BEFORE, SENT].map(|name| state.sent_lines(name)).concat() {
            serde_json::from_slice::<serde_json::Value>(&line).unwrap();
        }
        assert_eq!(state.names(""), [SENT_BEFORE, SENT]);
    }

    #[test]
    fn a_file_without_line_breaks_does_not_grow_and_costs_no_event() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        state.make().unwrap();
        state.create(SENT).unwrap().write_all(b"cut off").unwrap();
        state.record_sent(&sent(1));
        assert_eq!(state.last_sent(), [sent(1)]);
        state.create(SENT_BEFORE).unwrap();
        state.open(SENT).unwrap().set_len(MAX_BYTES).unwrap();
        state.record_sent(&sent(2));
        state.record_sent(&sent(3));
        assert!(state.length(SENT) < 1_000, "the file that is too large has become the one before");
        assert_eq!(state.last_sent(), [sent(1), sent(3)]);
    }

    #[test]
    fn what_somebody_else_wrote_is_left_out() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        state.record_sent(&sent(1));
        let mut bytes = fs::read(state.path(SENT)).unwrap();
        bytes.extend_from_slice(b"\n{}\n\xff\n{\"at\":1,\"id\":\"x\",\"body\":{}}}\n{\"at\":1");
        fs::write(state.path(SENT), bytes).unwrap();
        assert_eq!(state.last_sent(), [sent(1)]);
    }
}
