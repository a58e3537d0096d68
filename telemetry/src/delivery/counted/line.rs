//! The lines of a file of counted events. Each counted event is two lines: itself, as in the spool but without the count, and how many
//! there are. The second line has a fixed length, so that a count is raised where it stands.
//!
//! ```text
//! {"mac":"<64 hex digits>","taken":1799971200,"up":5000,"boot":7}
//! {"mac":"<64 hex digits>","id":"…","at":1800057600,"up":5000,"boot":7,"schema":"<64 hex digits>","body":{…}}
//! {"count":"0000017","mac":"<16 hex digits>"}
//! ```
//!
//! A line tells the last day of which the counts were taken: nothing is added to them any more. The MAC of a count covers the event's id as
//! well.

use std::io;

use hmac::Mac as _;
use telemetry_spec::counted::MAX_COUNT;

use crate::clock::Stamp;
use crate::delivery::spool::{Line, SpoolKey, StoredEvent};
use crate::identity::Salt;
use crate::identity::hmac::HmacSha256;

const START: &[u8] = br#"{"count":""#;
const MIDDLE: &[u8] = br#"","mac":""#;
const END: &[u8] = b"\"}\n";
const DIGITS: usize = 7;
const CODE: usize = 16;

/// The length of the line with a count.
pub(super) const COUNT_LENGTH: usize = START.len() + DIGITS + MIDDLE.len() + CODE + END.len();

/// The keys of such a file, bound to the application and to the destination of its events.
#[derive(Clone)]
pub(in crate::delivery) struct CountKey {
    pub(super) events: SpoolKey,
    /// Has consumed the key, which takes half of the time of such a short code.
    counts: HmacSha256,
}

/// What a file holds.
#[derive(Default)]
pub(super) struct Contents {
    /// The last day of which the counts were taken.
    pub(super) taken: Option<Stamp>,
    pub(super) entries: Vec<Entry>,
    /// Lines that no program of this user wrote for this receiver.
    pub(super) foreign: u64,
    /// How many bytes are whole entries. What follows was cut off when a process was killed.
    pub(super) length: u64,
}

/// An event, how many there are, and where the count stands in the file.
pub(super) struct Entry {
    pub(super) event: StoredEvent,
    pub(super) count: u32,
    pub(super) at: u64,
}

impl CountKey {
    pub(in crate::delivery) fn new(salt: &Salt, application: &str, destination: &str) -> Self {
        let events = SpoolKey::of_counts(salt, application, destination);
        let counts = events.code(b"count");
        Self { events, counts }
    }

    /// The keys over this one.
    #[cfg(any(fuzzing, test))]
    pub(super) fn over(events: SpoolKey) -> Self {
        Self { counts: events.code(b"count"), events }
    }

    /// The line with the last day of which the counts were taken.
    pub(super) fn taken(&self, day: &Stamp) -> io::Result<Vec<u8>> {
        self.events.taken(day)
    }

    /// The lines of an event that is counted for the first time, to be written at this position.
    pub(super) fn entry(&self, event: &StoredEvent, count: u32, position: u64) -> io::Result<Vec<u8>> {
        let mut lines = self.events.event(event)?;
        // A count is written as a whole, also by a process that is killed meanwhile, as long as it lies within one page.
        let within = (position + lines.len() as u64) % PAGE;
        if within + COUNT_LENGTH as u64 > PAGE {
            lines.resize(lines.len() + usize::try_from(PAGE - within).unwrap_or_default(), b' ');
        }
        lines.extend_from_slice(&self.count(&event.id, count));
        Ok(lines)
    }

    /// The line with the count of the event with this id.
    pub(super) fn count(&self, id: &str, count: u32) -> [u8; COUNT_LENGTH] {
        let mut digits = [b'0'; DIGITS];
        let mut rest = count;
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
        }
        let code = self.counts.clone().chain_update(id).chain_update(digits).finalize().into_bytes();
        let mut line = [0; COUNT_LENGTH];
        let mut hex = [0; CODE];
        let _ = base16ct::lower::encode(&code[..CODE / 2], &mut hex);
        let mut at = 0;
        for part in [START, &digits, MIDDLE, &hex, END] {
            line[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        line
    }

    /// The count in a line, if it is that of this event.
    pub(super) fn read_count(&self, id: &str, line: &[u8]) -> Option<u32> {
        let digits = line.strip_prefix(START)?.get(..DIGITS)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let count = str::from_utf8(digits).ok()?.parse().ok()?;
        (1..=MAX_COUNT).contains(&count).then_some(count).filter(|count| self.count(id, *count) == line)
    }

    /// What these bytes hold, which begin at this position of the file.
    pub(super) fn read(&self, bytes: &[u8], position: u64) -> Contents {
        let mut contents = Contents { length: position, ..Contents::default() };
        let mut begun: Option<StoredEvent> = None;
        let mut end = position;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Some(text) = line.strip_suffix(b"\n") else { break };
            end += line.len() as u64;
            let at = end.saturating_sub(COUNT_LENGTH as u64);
            if let Some(event) = begun.take() {
                match self.read_count(&event.id, line.trim_ascii_start()) {
                    Some(count) => contents.entries.push(Entry { event, count, at }),
                    None => contents.foreign += 2,
                }
            } else {
                match self.events.read(text) {
                    Some(Line::Event(event)) => begun = Some(event),
                    Some(Line::Taken(day)) => {
                        contents.taken = contents.taken.into_iter().chain([day]).max_by_key(|day| day.at);
                    }
                    Some(Line::Done(_)) | None => contents.foreign += 1,
                }
            }
            if begun.is_none() {
                contents.length = end;
            }
        }
        contents
    }
}

/// What the system writes as a whole.
const PAGE: u64 = 4096;

/// How many events are counted in a file according to its lines, authentic or not.
pub(super) fn sum(bytes: &[u8]) -> u64 {
    let count = |line: &[u8]| -> Option<u64> {
        let digits = line.trim_ascii_start().strip_prefix(START)?.get(..DIGITS)?;
        str::from_utf8(digits).ok()?.parse().ok()
    };
    bytes.split(|byte| *byte == b'\n').filter_map(count).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::delivery::spool::stored;

    fn key() -> CountKey {
        CountKey::over(SpoolKey::for_tests())
    }

    fn file(counts: &[u32]) -> Vec<u8> {
        let mut bytes = key().taken(&Stamp { at: 86_400, up: Some(-5), boot: Some(7) }).unwrap();
        for (at, count) in counts.iter().enumerate() {
            let entry = key().entry(&stored(&at.to_string(), 17), *count, bytes.len() as u64).unwrap();
            bytes.extend(entry);
        }
        bytes
    }

    fn counts(contents: &Contents) -> Vec<(&str, u32)> {
        contents.entries.iter().map(|entry| (&*entry.event.id, entry.count)).collect()
    }

    #[test]
    fn what_is_written_is_lines_of_json_and_read_back() {
        let bytes = file(&[1, 17, MAX_COUNT]);
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            serde_json::from_slice::<serde_json::Value>(line).unwrap();
        }
        let contents = key().read(&bytes, 0);
        assert_eq!(counts(&contents), [("0", 1), ("1", 17), ("2", MAX_COUNT)]);
        assert_eq!((contents.foreign, contents.length), (0, bytes.len() as u64));
        assert_eq!(contents.taken, Some(Stamp { at: 86_400, up: Some(-5), boot: Some(7) }));
    }

    #[test]
    fn a_count_is_raised_where_it_stands_and_lies_within_one_page() {
        let mut bytes = file(&[9; 40]);
        let contents = key().read(&bytes, 0);
        assert!(bytes.len() as u64 > 2 * PAGE);
        for entry in &contents.entries {
            assert_eq!(entry.at / PAGE, (entry.at + COUNT_LENGTH as u64 - 1) / PAGE, "{}", entry.at);
        }
        let Entry { event, at, .. } = &contents.entries[20];
        let at = usize::try_from(*at).unwrap();
        bytes[at..at + COUNT_LENGTH].copy_from_slice(&key().count(&event.id, 10));
        let raised = key().read(&bytes, 0);
        assert_eq!((raised.entries[19].count, raised.entries[20].count, raised.foreign), (9, 10, 0));
    }

    #[test]
    fn a_count_belongs_to_one_event() {
        let line = key().count("1", 17);
        assert_eq!(key().read_count("1", &line), Some(17));
        assert_eq!(key().read_count("2", &line), None);
        assert_eq!(key().read_count("1", &key().count("1", 0)), None);
        assert_eq!(key().read_count("1", &key().count("1", MAX_COUNT + 1)), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn arbitrary_bytes_are_no_counts(bytes: Vec<u8>) {
            prop_assert!(key().read(&bytes, 0).entries.is_empty());
        }

        #[test]
        fn what_was_cut_off_costs_only_what_comes_after_the_cut(at: prop::sample::Index) {
            let bytes = file(&[1, 2, 3]);
            let whole = key().read(&bytes, 0).entries;
            let cut = at.index(bytes.len());
            let contents = key().read(&bytes[..cut], 0);
            let ends = whole.iter().filter(|entry| entry.at + COUNT_LENGTH as u64 <= cut as u64).count();
            prop_assert_eq!(contents.entries.len(), ends);
            prop_assert!(contents.length <= cut as u64);
        }

        #[test]
        fn a_changed_byte_changes_no_count(at: prop::sample::Index, flip in 1..=u8::MAX) {
            let bytes = file(&[11, 22, 33]);
            let mut changed = bytes.clone();
            changed[at.index(bytes.len())] ^= flip;
            let (before, after) = (key().read(&bytes, 0), key().read(&changed, 0));
            for entry in &after.entries {
                prop_assert!(before.entries.iter().any(|was| was.event == entry.event && was.count == entry.count));
            }
        }
    }
}
