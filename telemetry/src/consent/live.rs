use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use super::covered::Covered;
use super::decide::{Decision, Inputs, StoredChoice, decide};
use super::handle::Consent;
use super::inputs::ChoiceStore;
use super::last_no::LastNo;
use super::reason::Reason;
use super::scope::ScopedEvent;
use super::verdicts::Verdicts;
use crate::snapshot::TelemetryEvent;
use crate::storage::paths::WITHDRAWN;
use crate::storage::{StateDirectory, Version};

/// A decision that can be evaluated again, since the user may store another choice at any time.
#[derive(Clone)]
pub(crate) struct LiveConsent {
    inputs: Inputs,
    store: Option<ChoiceStore>,
    /// Whether the client sends events, which requires consent. A client that only prints them does not need it.
    sends: bool,
    last_no: Option<LastNo>,
    /// What the user's stored yes covers. `None` if the yes is the operator's, which covers every event.
    verdicts: Option<Arc<Verdicts>>,
}

/// The state of consent at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConsentNow {
    Given,
    Denied,
    /// The user's choice cannot be read, for example because too many files are open. This may be temporary: nothing is sent meanwhile, but
    /// it does not count as a no.
    Unreadable,
}

impl LiveConsent {
    pub(super) fn of(inputs: Inputs, application: &str) -> Self {
        let enabled = decide(&inputs).enabled;
        let store = enabled.then(|| ChoiceStore::find(application)).flatten();
        let mut live = Self::at_start(inputs, store);
        live.read_again();
        live
    }

    fn at_start(inputs: Inputs, store: Option<ChoiceStore>) -> Self {
        let last_no = store.as_ref().map(LastNo::at_start);
        Self { inputs, store, sends: true, last_no, verdicts: None }
    }

    /// The user may have said no after the choice was read and before the marker of the latest no was.
    fn read_again(&mut self) {
        let Some(store) = &self.store else { return };
        let version = store.version();
        let (stored, covered) = store.read_all();
        if stored != StoredChoice::Unreadable {
            self.inputs.stored = stored;
        }
        self.bind(version, covered);
    }

    /// The user's own yes covers what it was shown for, unless the operator has said yes as well.
    fn bind(&mut self, version: Option<Version>, covered: Covered) {
        let is_bound = decide(&self.inputs).reason == Reason::StoredOn;
        self.verdicts = is_bound.then(|| Arc::new(Verdicts::new(version, covered)));
    }

    /// Whether the yes covers this event.
    pub(crate) fn covers<E: TelemetryEvent + ?Sized>(&self) -> bool {
        self.covers_event(ScopedEvent::of::<E>())
    }

    fn covers_event(&self, event: ScopedEvent) -> bool {
        match (&self.verdicts, &self.store) {
            (Some(verdicts), Some(store)) if self.sends => verdicts.cover(event, store),
            _ => true,
        }
    }

    /// Whether the yes is the operator's, which covers every event.
    pub(crate) const fn is_operators(&self) -> bool {
        self.verdicts.is_none()
    }

    /// Whether the yes covers an event on disk, of which only the name and the hash of the schema are known.
    pub(crate) fn covers_stored(&self, event: &str, hash: &str) -> bool {
        let verdicts = self.verdicts.as_ref().filter(|_| self.sends);
        verdicts.is_none_or(|verdicts| verdicts.cover_stored(event, hash))
    }

    /// The events that were published and are not covered.
    pub(crate) fn uncovered(&self) -> Vec<ScopedEvent> {
        self.verdicts.as_ref().map(|verdicts| verdicts.uncovered()).unwrap_or_default()
    }

    /// For a client that prints events instead of sending them.
    pub(crate) fn without_sending(self) -> Self {
        Self { sends: false, ..self }
    }

    /// Whether the client sends events, instead of printing them.
    pub(crate) const fn sends(&self) -> bool {
        self.sends
    }

    pub(crate) fn decision(&self) -> Decision {
        decide(&self.inputs)
    }

    /// Whether telemetry is still on. This costs two read-only opens. The environment of a process does not change.
    ///
    /// A no ends it for the whole life of a client, even if a yes has followed before this is called: that yes does not cover what was
    /// published before it.
    pub(crate) fn now(&self) -> ConsentNow {
        let Some(store) = self.store.as_ref().filter(|_| self.sends) else {
            return ConsentNow::given_if(!self.sends || self.decision().enabled);
        };
        match store.read() {
            // Nobody has said no.
            StoredChoice::Unreadable | StoredChoice::Foreign => ConsentNow::Unreadable,
            stored if decide(&Inputs { stored, ..self.inputs.clone() }).enabled => self.unless_withdrawn(),
            _ => ConsentNow::Denied,
        }
    }

    fn unless_withdrawn(&self) -> ConsentNow {
        match self.has_heard_no() {
            Some(false) => ConsentNow::Given,
            Some(true) => ConsentNow::Denied,
            None => ConsentNow::Unreadable,
        }
    }

    /// Whether a no has been stored since the client was built; `None` if that cannot be read.
    fn has_heard_no(&self) -> Option<bool> {
        match (&self.last_no, &self.store) {
            (Some(last_no), Some(store)) => last_no.has_changed(store),
            _ => Some(false),
        }
    }

    /// Whether events may be sent now.
    pub(crate) fn holds(&self) -> bool {
        self.now() == ConsentNow::Given
    }

    /// Whether the user has stored a no in the life of this client, after which its events are gone, even if a yes has followed.
    pub(crate) fn was_withdrawn(&self) -> bool {
        self.is_withdrawn() || (self.sends && self.has_heard_no() == Some(true))
    }

    /// Whether the stored choice is a no, after which nothing is kept. An unreadable choice does not count as a stored no.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.sends && self.store.as_ref().is_some_and(|store| store.read() == StoredChoice::Disabled)
    }
}

impl Consent {
    /// The file with the marker of the latest no, if it is at fault that it cannot be read: no client sends as long as that is so.
    pub(crate) fn unreadable_marker(&self) -> Option<PathBuf> {
        let store = ChoiceStore::find(self.application())?;
        let error = store.withdrawal().err()?;
        let file = store.file().with_file_name(WITHDRAWN);
        // A shortage of descriptors is not the fault of the file.
        let is_at_fault = error.kind() == ErrorKind::PermissionDenied || store.directory.is_no_file(WITHDRAWN);
        is_at_fault.then_some(file)
    }
}

impl LiveConsent {
    /// Deletes what was kept if the stored choice is a no, and returns whether it is.
    pub(crate) fn erase_if_withdrawn(&self, state: &StateDirectory) -> bool {
        let is_withdrawn = self.is_withdrawn();
        if is_withdrawn {
            let _ = state.erase_while(|| self.is_withdrawn());
        }
        is_withdrawn
    }
}

impl ConsentNow {
    const fn given_if(given: bool) -> Self {
        if given { Self::Given } else { Self::Denied }
    }
}

#[cfg(test)]
impl LiveConsent {
    /// Consent that is never withdrawn, regardless of the test environment.
    pub(crate) fn given() -> Self {
        Self::at_start(Inputs { configured: Some(true), ..Inputs::default() }, None)
    }

    /// Consent that the stored choice in this directory can withdraw.
    pub(crate) fn given_at(home: &std::path::Path) -> Self {
        Self::at_start(Self::given().inputs, Some(ChoiceStore::at(home)))
    }

    pub(crate) fn choose(&self, enabled: bool) {
        self.store.as_ref().unwrap().write(enabled).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::test_events::{build, scope, wider};

    #[test]
    fn a_no_ends_it_and_a_later_yes_is_for_others() {
        let home = tempfile::tempdir().unwrap();
        let store = ChoiceStore::at(home.path());
        store.write(true).unwrap();
        let inputs = Inputs { stored: StoredChoice::Enabled, ..Inputs::default() };
        let consent = LiveConsent::at_start(inputs.clone(), Some(store.clone()));
        assert!(consent.holds());
        assert!(!consent.is_withdrawn());
        store.write(false).unwrap();
        assert!(!consent.holds() && consent.is_withdrawn());
        store.write(true).unwrap();
        assert!(!consent.holds() && !consent.is_withdrawn() && consent.was_withdrawn());
        let consent = LiveConsent::at_start(inputs.clone(), Some(store.clone()));
        store.write(true).unwrap();
        assert!(consent.holds() && !consent.was_withdrawn(), "a yes that is said again changes nothing");
        std::fs::remove_dir_all(home.path()).unwrap();
        assert!(!consent.holds() && !consent.is_withdrawn(), "nothing else had said yes");

        std::fs::create_dir_all(store.file()).unwrap();
        assert_eq!(consent.now(), ConsentNow::Unreadable);
        assert!(!consent.is_withdrawn());
        std::fs::remove_dir(store.file()).unwrap();

        let configured = Inputs { configured: Some(true), ..inputs };
        let consent = LiveConsent::at_start(configured, Some(store));
        assert!(consent.holds());

        let nothing_said = LiveConsent::at_start(Inputs::default(), None);
        assert!(!nothing_said.holds() && nothing_said.without_sending().holds());
    }

    fn after_a_yes(store: &ChoiceStore) -> LiveConsent {
        store.write(true).unwrap();
        let inputs = Inputs { stored: StoredChoice::Enabled, ..Inputs::default() };
        let consent = LiveConsent::at_start(inputs, Some(store.clone()));
        assert!(consent.holds());
        consent
    }

    #[test]
    fn a_no_that_the_user_deleted_before_saying_yes_ends_it_too() {
        let home = tempfile::tempdir().unwrap();
        let store = ChoiceStore::at(home.path());
        let consent = after_a_yes(&store);
        store.write(false).unwrap();
        std::fs::remove_file(store.file()).unwrap();
        store.write(true).unwrap();
        assert!(!consent.holds() && consent.was_withdrawn());
    }

    #[test]
    fn a_no_and_a_yes_at_the_same_time_end_it_in_any_order() {
        for _ in 0..100 {
            let home = tempfile::tempdir().unwrap();
            let store = ChoiceStore::at(home.path());
            let consent = after_a_yes(&store);
            std::thread::scope(|scope| {
                for choices in [&[false][..], &[true, true, true]] {
                    let store = &store;
                    scope.spawn(move || choices.iter().for_each(|choice| store.write(*choice).unwrap()));
                }
            });
            assert!(!consent.holds() && consent.was_withdrawn());
        }
    }

    #[test]
    fn only_a_stored_yes_binds_a_client_that_sends() {
        let home = tempfile::tempdir().unwrap();
        let store = ChoiceStore::at(home.path());
        store.agree(&scope(&[build()])).unwrap();
        let live = |configured, variable: Option<&str>| {
            let inputs = Inputs { configured, variable: variable.map(Into::into), ..Inputs::default() };
            let mut live = LiveConsent::at_start(inputs, Some(store.clone()));
            live.read_again();
            live
        };
        let covers = |live: &LiveConsent| [build(), wider()].map(|event| live.covers_event(event));
        assert_eq!(covers(&live(None, None)), [true, false]);
        assert_eq!(covers(&live(Some(true), None)), [true, true]);
        assert_eq!(covers(&live(None, Some("1"))), [true, true]);
        assert_eq!(covers(&live(None, None).without_sending()), [true, true]);
    }
}
