//! The schemas that the user was asked about after a yes, and declined: one line of JSON for each.

use serde::{Deserialize, Serialize};

use super::covered::is_hash;
use super::scope::ScopedEvent;
use crate::storage::paths::DECLINED_BYTES;

/// The declined schemas, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Declined {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    event: String,
    hash: String,
}

impl Declined {
    /// A line that cannot be read counts for nothing: the user is asked about it again.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let lines = bytes.split(|byte| *byte == b'\n');
        let entries = lines.filter_map(|line| serde_json::from_slice(line).ok());
        Self { entries: entries.filter(|entry: &Entry| is_hash(&entry.hash)).collect() }
    }

    pub(crate) fn text(&self) -> String {
        self.entries.iter().map(Entry::line).collect()
    }

    pub(crate) fn has(&self, event: &ScopedEvent) -> bool {
        let hash = event.schema().hash();
        self.entries.iter().any(|entry| entry.event == event.name && entry.hash == hash)
    }

    /// Adds these events. The oldest are dropped beyond the limit of the file.
    pub(crate) fn add(&mut self, events: &[ScopedEvent]) {
        for event in events {
            if !self.has(event) {
                self.entries.push(Entry { event: event.name.to_owned(), hash: event.schema().hash() });
            }
        }
        while self.text().len() > DECLINED_BYTES {
            self.entries.remove(0);
        }
    }
}

impl Entry {
    fn line(&self) -> String {
        // Two texts, which JSON can always express.
        serde_json::to_string(self).map(|line| line + "\n").unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::test_events::{build, check, wider};

    #[test]
    fn what_was_declined_is_a_schema_not_an_event() {
        let mut declined = Declined::default();
        declined.add(&[wider(), wider()]);
        assert_eq!(Declined::parse(declined.text().as_bytes()), declined);
        assert_eq!(declined.entries.len(), 1);
        assert_eq!([wider(), build(), check()].map(|event| declined.has(&event)), [true, false, false]);
    }

    #[test]
    fn a_line_that_cannot_be_read_counts_for_nothing_and_the_others_do() {
        let mut declined = Declined::default();
        declined.add(&[build(), check()]);
        let text = declined.text().replacen("\"event\"", "\"name\"", 1) + "{\"event\":\"build\",\"hash\":\"\"}\n\0\n";
        let declined = Declined::parse(text.as_bytes());
        assert_eq!([build(), check()].map(|event| declined.has(&event)), [false, true]);
    }

    #[test]
    fn the_oldest_are_dropped_beyond_the_limit() {
        let entry = |number: usize| Entry { event: "old".to_owned(), hash: format!("{number:064}") };
        let mut declined = Declined { entries: (0..1_000).map(entry).collect() };
        declined.add(&[build()]);
        assert!(declined.text().len() <= DECLINED_BYTES && declined.has(&build()));
        assert_eq!(declined.entries[0].hash, format!("{:064}", 1_001 - declined.entries.len()));
    }
}
