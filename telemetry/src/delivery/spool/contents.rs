use std::collections::HashSet;
use std::ops::AddAssign;

use super::Extent;
use super::line::{self, Line, SpoolKey, StoredEvent};
use crate::clock::Stamp;
use crate::delivery::retry::{self, Age};

/// The meaning of a spool file.
#[derive(Default)]
pub(super) struct Contents {
    /// Events that are still to be sent, each once.
    pub(super) events: Vec<StoredEvent>,
    /// The lines of these events.
    pub(super) lines: Vec<u8>,
    pub(super) tally: Tally,
    length: usize,
    /// Whether a line differs from the one that was read.
    has_changed: bool,
}

/// Data on disk that is not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Events that waited too long.
    pub(crate) expired: u64,
    /// Lines that no program of this user wrote for this receiver.
    pub(crate) foreign: u64,
    /// Final lines that a crash truncated.
    pub(crate) torn: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.expired += other.expired;
        self.foreign += other.foreign;
        self.torn += other.torn;
    }
}

impl Contents {
    /// Without a time, no event is too old.
    pub(super) fn of(key: &SpoolKey, bytes: &[u8], now: Option<&Stamp>) -> Self {
        let mut contents = Self { length: bytes.len(), ..Self::default() };
        let mut found = Vec::new();
        let mut settled = HashSet::new();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Some(text) = line.strip_suffix(b"\n") else {
                contents.tally.torn += 1;
                continue;
            };
            match key.read(text) {
                Some(Line::Event(event)) => found.push((event, line)),
                Some(Line::Done(id)) => drop(settled.insert(id)),
                Some(Line::Taken(_)) | None => contents.tally.foreign += 1,
            }
        }
        for (event, line) in found {
            // An event that is settled, or occurred earlier in the file, is not sent again.
            if !settled.insert(event.id.clone()) {
                continue;
            }
            match now.map_or(Age::Waits, |now| retry::age(&event.at, now)) {
                Age::Waits => contents.add(event, line),
                Age::Expired => contents.tally.expired += 1,
                Age::Unknown => contents.renew(key, event, line, now),
            }
        }
        contents
    }

    /// The file of a former receiver, of which no line can be read any more.
    pub(super) fn too_old(bytes: &[u8]) -> Self {
        let tally = Tally { expired: line::count(bytes) as u64, ..Tally::default() };
        Self { length: bytes.len(), tally, ..Self::default() }
    }

    fn add(&mut self, event: StoredEvent, line: &[u8]) {
        self.lines.extend_from_slice(line);
        self.events.push(event);
    }

    /// The event's waiting time is unknown, so it starts again as if the event had been published now.
    fn renew(&mut self, key: &SpoolKey, mut event: StoredEvent, line: &[u8], now: Option<&Stamp>) {
        event.at = now.copied().unwrap_or(event.at);
        match key.event(&event) {
            Ok(renewed) => {
                self.has_changed = true;
                self.add(event, &renewed);
            }
            Err(_) => self.add(event, line),
        }
    }

    /// The ids of the events, with the lengths of their lines.
    pub(super) fn lengths(&self) -> impl Iterator<Item = (String, u64)> {
        let lines = self.lines.split_inclusive(|byte| *byte == b'\n');
        self.events.iter().zip(lines).map(|(event, line)| (event.id.clone(), line.len() as u64))
    }

    /// The size of these events, with the lines that will mark them as done.
    pub(super) fn extent(&self) -> Extent {
        self.lengths().map(|(id, line)| super::extent(&id, line)).fold(Extent::default(), |sum, size| sum + size)
    }

    /// Whether the file holds anything besides events that are still to be sent.
    pub(super) const fn is_dirty(&self) -> bool {
        self.has_changed || self.length != self.lines.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::line::tests::{key, stored};
    use super::*;

    const NOW: u64 = 1_800_000_000;

    const fn now() -> Stamp {
        Stamp { at: NOW, up: None, boot: None }
    }

    fn file(lines: &[&[u8]]) -> Contents {
        Contents::of(&key(), &lines.concat(), Some(&now()))
    }

    fn ids(contents: &Contents) -> Vec<&str> {
        contents.events.iter().map(|event| &*event.id).collect()
    }

    #[test]
    fn what_is_settled_or_twice_there_is_not_sent_again() {
        let [one, two, three] = ["1", "2", "3"].map(|id| key().event(&stored(id, NOW)).unwrap());
        let contents = file(&[&one, &two, &key().done("1").unwrap(), &three, &two]);
        assert_eq!(ids(&contents), ["2", "3"]);
        assert_eq!(contents.lines, [&two[..], &three].concat());
        assert!(contents.is_dirty() && contents.tally == Tally::default());
        assert!(!file(&[&one, &two]).is_dirty());
        assert!(!file(&[]).is_dirty());
    }

    #[test]
    fn what_is_old_torn_or_foreign_is_counted() {
        let old = key().event(&stored("old", NOW - retry::MAX_AGE.as_secs() - 1)).unwrap();
        let young = key().event(&stored("young", NOW - retry::MAX_AGE.as_secs())).unwrap();
        let ahead = key().event(&stored("ahead", NOW + 1_000)).unwrap();
        let torn = key().event(&stored("torn", NOW)).unwrap();
        let contents = file(&[&old, b"{}\n", b"\n", &young, &ahead, &torn[..torn.len() - 1]]);
        assert_eq!(ids(&contents), ["young", "ahead"]);
        assert_eq!(contents.tally, Tally { expired: 1, foreign: 2, torn: 1 });
    }

    #[test]
    fn an_event_of_unknown_age_is_kept_and_has_seven_days_from_now_on() {
        let [of_1970, of_2099] = [60, 4_070_908_800].map(|at| key().event(&stored(&at.to_string(), at)).unwrap());
        let contents = file(&[&of_1970, &of_2099]);
        assert_eq!(ids(&contents), ["60", "4070908800"]);
        assert!(contents.is_dirty() && contents.events.iter().all(|event| event.at == now()));
        let later = Stamp { at: NOW + retry::MAX_AGE.as_secs() + 1, ..now() };
        assert_eq!(Contents::of(&key(), &contents.lines, Some(&later)).tally.expired, 2);
        let unchanged = Contents::of(&key(), &of_1970, None);
        assert!(!unchanged.is_dirty() && unchanged.events[0].at.at == 60);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn arbitrary_bytes_between_true_lines_are_never_events(
            rubbish in proptest::collection::vec(any::<Vec<u8>>(), 0..8),
        ) {
            let mut bytes = Vec::new();
            for (at, rubbish) in rubbish.iter().enumerate() {
                bytes.extend_from_slice(&key().event(&stored(&at.to_string(), NOW)).unwrap());
                bytes.extend_from_slice(rubbish);
                bytes.push(b'\n');
            }
            let contents = Contents::of(&key(), &bytes, Some(&now()));
            let expected: Vec<String> = (0..rubbish.len()).map(|at| at.to_string()).collect();
            prop_assert_eq!(ids(&contents), expected);
            let lines: usize = rubbish.iter().map(|line| line.iter().filter(|byte| **byte == b'\n').count() + 1).sum();
            prop_assert_eq!(contents.tally.foreign, lines as u64);
        }

        #[test]
        fn a_cut_costs_only_what_comes_after_it(at: prop::sample::Index) {
            let lines: Vec<Vec<u8>> = (0..4).map(|id| key().event(&stored(&id.to_string(), NOW)).unwrap()).collect();
            let bytes = lines.concat();
            let cut = at.index(bytes.len());
            let whole = bytes[..cut].iter().filter(|byte| **byte == b'\n').count();
            let contents = Contents::of(&key(), &bytes[..cut], Some(&now()));
            prop_assert_eq!(contents.events.len(), whole);
            prop_assert_eq!(contents.tally.foreign, 0);
        }
    }
}
