//! The last bodies that were sent, for the user to read.

use std::borrow::Cow;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _};

use serde::{Deserialize, Serialize};

use super::paths::{SENT, SENT_BEFORE, SENT_EVENTS};
use super::private_file::is_at;
use super::{StateDirectory, append, line, read_at_most};

/// Maximum number of bytes read from a file: enough for `SENT_EVENTS` events of the largest size.
const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// An event that was sent, whether its receiver took it or refused it.
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
    /// Adds an event to the file.
    pub(crate) fn record_sent(&self, sent: &SentEvent) -> io::Result<()> {
        let mut line = line::write(&Head { at: sent.at, id: Cow::Borrowed(&sent.id) }, &sent.body)?;
        line.push('\n');
        self.make()?;
        // What somebody else has filled is put aside first, so that this event is within the part that is read.
        self.make_room(line.len() as u64 + 1)?;
        self.shorten(SENT_BEFORE);
        let mut file = self.open_to_append(SENT)?;
        if !ends_a_line(&mut file)? {
            line.insert(0, '\n');
        }
        append(&mut file, line.as_bytes())?;
        // The event is recorded. If this fails, the next one finds no room.
        let _ = self.make_room(0);
        Ok(())
    }

    /// Whether the next event could be recorded, found out without writing.
    pub(crate) fn examine_sent(&self) -> io::Result<()> {
        match found(self.open(SENT))? {
            Some(_) if !self.has_room(1) && self.path(SENT_BEFORE).is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            _ => Ok(()),
        }
    }

    fn has_room(&self, bytes: u64) -> bool {
        self.length(SENT) + bytes <= MAX_BYTES && self.sent_lines(SENT).len() < SENT_EVENTS
    }

    /// Puts the file aside if it is full, or has no room for so many bytes.
    fn make_room(&self, bytes: u64) -> io::Result<()> {
        if self.has_room(bytes) {
            return Ok(());
        }
        // Of several processes, the one that holds the file puts it aside. Another one finds it held, moved, or begun anew.
        let Some(file) = found(self.open(SENT))? else { return Ok(()) };
        // On Windows, a file that is locked could not be read.
        let is_held = cfg!(unix) && matches!(file.try_lock(), Err(TryLockError::WouldBlock));
        if is_held || !is_at(&file, &self.path(SENT)) || self.has_room(bytes) {
            return Ok(());
        }
        // A rename is atomic, so no partial state remains wherever a process ends.
        found(fs::rename(self.path(SENT), self.path(SENT_BEFORE))).map(|_| ())
    }

    /// Cuts off what is never read.
    fn shorten(&self, name: &str) {
        if self.length(name) > MAX_BYTES {
            let _ = self.open_to_update(name).and_then(|file| file.set_len(MAX_BYTES));
        }
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

/// `None` if the file does not exist.
fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        result => result.map(Some),
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
            state.record_sent(&sent(at)).unwrap();
        }
        assert_eq!(state.last_sent(), (76..=95).map(sent).collect::<Vec<_>>());
        assert_eq!([SENT_BEFORE, SENT].map(|name| state.sent_lines(name).len()), [20, 15]);
        for line in [SENT_BEFORE, SENT].map(|name| state.sent_lines(name)).concat() {
            serde_json::from_slice::<serde_json::Value>(&line).unwrap();
        }
        assert_eq!(state.names(""), [SENT_BEFORE, SENT]);
    }

    /// The second would otherwise replace what the first has put aside with the file that it has begun. Only on Unix a file tells its name.
    #[cfg(unix)]
    #[test]
    fn of_several_that_find_the_file_full_one_puts_it_aside() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        let record = |at| {
            state.record_sent(&sent(at)).unwrap();
            let before = state.sent_lines(SENT_BEFORE).len();
            assert!(before == 0 || before >= SENT_EVENTS, "{before}");
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (1..=500).for_each(record));
            }
        });
        assert_eq!(state.last_sent().len(), SENT_EVENTS);
    }

    #[test]
    fn a_line_that_was_cut_off_costs_no_event() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        state.make().unwrap();
        state.create(SENT).unwrap().write_all(b"cut off").unwrap();
        state.record_sent(&sent(1)).unwrap();
        assert_eq!(state.last_sent(), [sent(1)]);
    }

    #[test]
    fn a_file_that_is_too_large_costs_no_event_that_comes_after_it_and_does_not_stay() {
        let too_short_by_one = line::write(&Head { at: 2, id: "ab-2".into() }, &sent(2).body).unwrap().len() as u64 + 1;
        for length in [MAX_BYTES - too_short_by_one, MAX_BYTES - 1, MAX_BYTES, 25 * MAX_BYTES] {
            let home = tempfile::tempdir().unwrap();
            let state = StateDirectory::at(home.path().join("acme"));
            state.record_sent(&sent(1)).unwrap();
            state.open_to_update(SENT).unwrap().set_len(length).unwrap();
            for at in 2..=3 {
                state.record_sent(&sent(at)).unwrap();
            }
            assert_eq!(state.last_sent(), (1..=3).map(sent).collect::<Vec<_>>(), "{length}");
            assert!(state.length(SENT) < 1_000, "{length}");
            assert!(state.length(SENT_BEFORE) <= MAX_BYTES, "{length}");
        }
    }

    #[test]
    fn a_file_before_that_is_too_large_is_cut_off() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        state.make().unwrap();
        state.create(SENT_BEFORE).unwrap().set_len(25 * MAX_BYTES).unwrap();
        state.record_sent(&sent(1)).unwrap();
        assert_eq!((state.length(SENT_BEFORE), state.last_sent()), (MAX_BYTES, vec![sent(1)]));
    }

    #[test]
    fn a_file_that_cannot_be_put_aside_does_not_grow() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        state.make().unwrap();
        fs::create_dir(state.path(SENT_BEFORE)).unwrap();
        let recorded: Vec<bool> = (1..=25).map(|at| state.record_sent(&sent(at)).is_ok()).collect();
        assert_eq!(recorded, [[true; 20].as_slice(), &[false; 5]].concat());
        assert_eq!(state.examine_sent().unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(state.last_sent(), (1..=20).map(sent).collect::<Vec<_>>());
    }

    #[test]
    fn what_somebody_else_wrote_is_left_out() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        state.record_sent(&sent(1)).unwrap();
        let mut bytes = fs::read(state.path(SENT)).unwrap();
        bytes.extend_from_slice(b"\n{}\n\xff\n{\"at\":1,\"id\":\"x\",\"body\":{}}}\n{\"at\":1");
        fs::write(state.path(SENT), bytes).unwrap();
        assert_eq!(state.last_sent(), [sent(1)]);
    }
}
