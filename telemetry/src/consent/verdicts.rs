//! Which events of a client the user's stored yes covers. Each is judged once, and again only when the stored choice is another.

use std::sync::{PoisonError, RwLock};

use super::covered::Covered;
use super::decide::StoredChoice;
use super::inputs::ChoiceStore;
use super::scope::ScopedEvent;
use crate::storage::Version;

/// The verdicts of one client.
pub(super) struct Verdicts {
    state: RwLock<State>,
}

struct State {
    /// The stored choice that was read last.
    version: Option<Version>,
    covered: Covered,
    events: Vec<(ScopedEvent, bool)>,
}

impl Verdicts {
    /// `version` was taken before the choice was read.
    pub(super) const fn new(version: Option<Version>, covered: Covered) -> Self {
        Self { state: RwLock::new(State { version, covered, events: Vec::new() }) }
    }

    /// Whether the stored yes covers an event. What was covered once stays so: only a no withdraws it, which ends the client.
    pub(super) fn cover(&self, event: ScopedEvent, store: &ChoiceStore) -> bool {
        let known = self.state.read().unwrap_or_else(PoisonError::into_inner).verdict(event);
        known == Some(true) || self.judge(event, store)
    }

    fn judge(&self, event: ScopedEvent, store: &ChoiceStore) -> bool {
        let version = store.version();
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.version != version {
            state.take(version, store.read_all());
        }
        state.judge(event)
    }

    /// Whether the stored yes covers an event on disk: it names this schema, or this client has published the event and it was covered. A
    /// schema that is unknown here cannot be compared with what was agreed to.
    pub(super) fn cover_stored(&self, event: &str, hash: &str) -> bool {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let is_it = |known: &ScopedEvent| known.name == event && known.schema().hash() == hash;
        state.covered.entries().any(|entry| entry == (event, hash))
            || state.events.iter().any(|(known, is_covered)| *is_covered && is_it(known))
    }

    /// The events that were judged and are not covered.
    pub(super) fn uncovered(&self) -> Vec<ScopedEvent> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.events.iter().filter(|(_, is_covered)| !is_covered).map(|(event, _)| *event).collect()
    }
}

impl State {
    /// The user may have agreed to more. A no, or a choice that cannot be read, does not count here: it stops the whole client.
    fn take(&mut self, version: Option<Version>, (stored, covered): (StoredChoice, Covered)) {
        if stored == StoredChoice::Enabled {
            self.covered = covered;
            self.version = version;
            self.events.retain(|(_, is_covered)| *is_covered);
        }
    }

    fn verdict(&self, event: ScopedEvent) -> Option<bool> {
        self.events.iter().find(|(known, _)| known.is(event)).map(|(_, is_covered)| *is_covered)
    }

    fn judge(&mut self, event: ScopedEvent) -> bool {
        self.verdict(event).unwrap_or_else(|| {
            let is_covered = self.covered.covers(&event);
            self.events.push((event, is_covered));
            is_covered
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::test_events::{build, check, narrower, scope, wider};

    /// The verdicts of a client that was built after a yes to these events.
    fn after_a_yes_to(store: &ChoiceStore, events: &[ScopedEvent]) -> Verdicts {
        store.agree(&scope(events)).unwrap();
        Verdicts::new(store.version(), store.covered())
    }

    #[test]
    fn an_event_is_judged_by_what_was_agreed_to() {
        let home = tempfile::tempdir().unwrap();
        let store = ChoiceStore::at(home.path());
        let verdicts = after_a_yes_to(&store, &[build()]);
        for _ in 0..2 {
            for (event, expected) in [(build(), true), (narrower(), true), (wider(), false), (check(), false)] {
                assert_eq!(verdicts.cover(event, &store), expected, "{event:?}");
            }
        }
        let uncovered = verdicts.uncovered();
        assert!(uncovered.len() == 2 && uncovered[0].is(wider()) && uncovered[1].is(check()), "{uncovered:?}");
    }

    #[test]
    fn another_yes_counts_at_once() {
        let home = tempfile::tempdir().unwrap();
        let store = ChoiceStore::at(home.path());
        let verdicts = after_a_yes_to(&store, &[build()]);
        assert!(!verdicts.cover(wider(), &store) && !verdicts.cover(check(), &store));
        store.agree_to_more(&scope(&[wider()])).unwrap();
        assert!(verdicts.cover(wider(), &store) && !verdicts.cover(check(), &store));
        assert!(verdicts.uncovered().iter().all(|event| event.is(check())));
    }

    #[test]
    fn an_event_on_disk_is_covered_by_its_hash() {
        let home = tempfile::tempdir().unwrap();
        let store = ChoiceStore::at(home.path());
        let verdicts = after_a_yes_to(&store, &[build()]);
        let covers = |event: ScopedEvent| verdicts.cover_stored(event.name, &event.schema().hash());
        assert_eq!([build(), narrower(), wider(), check()].map(covers), [true, false, false, false]);
        for event in [narrower(), wider()] {
            verdicts.cover(event, &store);
        }
        assert_eq!([narrower(), wider()].map(covers), [true, false], "what was published is known");
        assert!(!verdicts.cover_stored("check", &build().schema().hash()));
    }

    /// It stops the client, which counts its events as withdrawn.
    #[test]
    fn a_no_is_no_verdict_on_an_event() {
        let home = tempfile::tempdir().unwrap();
        let store = ChoiceStore::at(home.path());
        let verdicts = after_a_yes_to(&store, &[build()]);
        store.refuse().unwrap();
        assert!(verdicts.cover(build(), &store) && !verdicts.cover(wider(), &store));
        std::fs::remove_file(store.file()).unwrap();
        std::fs::create_dir(store.file()).unwrap();
        assert!(verdicts.cover(narrower(), &store) && !verdicts.cover(check(), &store));
    }

    /// The stored choice is as it was, so it is not read.
    #[test]
    fn without_another_choice_nothing_is_read() {
        let home = tempfile::tempdir().unwrap();
        let store = ChoiceStore::at(home.path());
        store.agree(&scope(&[wider(), check()])).unwrap();
        let verdicts = Verdicts::new(store.version(), Covered::default());
        assert!(!verdicts.cover(wider(), &store) && !verdicts.cover(wider(), &store));
    }
}
