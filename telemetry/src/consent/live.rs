use std::sync::OnceLock;

use super::decide::{Decision, Inputs, StoredChoice, decide};
use super::inputs::{ChoiceStore, Renewal};

/// A decision that can be evaluated again, since the user may store another choice at any time.
#[derive(Clone)]
pub(crate) struct LiveConsent {
    inputs: Inputs,
    store: Option<ChoiceStore>,
    /// Whether the client sends events, which requires consent. A client that only prints them does not need it.
    sends: bool,
    /// The latest yes in place of a no when the client was built, or as soon as it could be read.
    renewal: OnceLock<Option<Renewal>>,
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
        let live = Self { inputs, store, sends: true, renewal: OnceLock::new() };
        live.is_renewed();
        live
    }

    /// For a client that prints events instead of sending them.
    pub(crate) fn without_sending(self) -> Self {
        Self { sends: false, ..self }
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
            StoredChoice::Unreadable => ConsentNow::Unreadable,
            stored if decide(&Inputs { stored, ..self.inputs.clone() }).enabled => self.unless_renewed(),
            _ => ConsentNow::Denied,
        }
    }

    fn unless_renewed(&self) -> ConsentNow {
        match self.is_renewed() {
            Some(false) => ConsentNow::Given,
            Some(true) => ConsentNow::Denied,
            None => ConsentNow::Unreadable,
        }
    }

    /// Whether a yes has taken the place of a no since the client was built; `None` if that cannot be read.
    fn is_renewed(&self) -> Option<bool> {
        let Some(store) = &self.store else { return Some(false) };
        let renewal = store.renewal().ok()?;
        Some(*self.renewal.get_or_init(|| renewal.clone()) != renewal)
    }

    /// Whether events may be sent now.
    pub(crate) fn holds(&self) -> bool {
        self.now() == ConsentNow::Given
    }

    /// Whether the user has stored a no in the life of this client, after which its events are gone, even if a yes has followed.
    pub(crate) fn was_withdrawn(&self) -> bool {
        self.is_withdrawn() || (self.sends && self.is_renewed() == Some(true))
    }

    /// Whether the stored choice is a no, after which nothing is kept. An unreadable choice does not count as a stored no.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.sends && self.store.as_ref().is_some_and(|store| store.read() == StoredChoice::Disabled)
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
        Self {
            inputs: Inputs { configured: Some(true), ..Inputs::default() },
            store: None,
            sends: true,
            renewal: OnceLock::new(),
        }
    }

    /// Consent that the stored choice in this directory can withdraw.
    pub(crate) fn given_at(home: &std::path::Path) -> Self {
        Self { store: Some(ChoiceStore::at(home)), ..Self::given() }
    }

    pub(crate) fn choose(&self, enabled: bool) {
        self.store.as_ref().unwrap().write(enabled).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_no_ends_it_and_a_later_yes_is_for_others() {
        let home = tempfile::tempdir().unwrap();
        let store = ChoiceStore::at(home.path());
        store.write(true).unwrap();
        let inputs = Inputs { stored: StoredChoice::Enabled, ..Inputs::default() };
        let consent =
            LiveConsent { inputs: inputs.clone(), store: Some(store.clone()), sends: true, renewal: OnceLock::new() };
        assert!(consent.holds());
        assert!(!consent.is_withdrawn());
        store.write(false).unwrap();
        assert!(!consent.holds() && consent.is_withdrawn());
        store.write(true).unwrap();
        assert!(!consent.holds() && !consent.is_withdrawn() && consent.was_withdrawn());
        let consent =
            LiveConsent { inputs: inputs.clone(), store: Some(store.clone()), sends: true, renewal: OnceLock::new() };
        store.write(true).unwrap();
        assert!(consent.holds() && !consent.was_withdrawn(), "a yes that is said again changes nothing");
        std::fs::remove_dir_all(home.path()).unwrap();
        assert!(!consent.holds() && !consent.is_withdrawn(), "nothing else had said yes");

        std::fs::create_dir_all(store.file()).unwrap();
        assert_eq!(consent.now(), ConsentNow::Unreadable);
        assert!(!consent.is_withdrawn());
        std::fs::remove_dir(store.file()).unwrap();

        let configured = Inputs { configured: Some(true), ..inputs };
        let consent = LiveConsent { inputs: configured, store: Some(store), sends: true, renewal: OnceLock::new() };
        assert!(consent.holds());

        let nothing_said =
            LiveConsent { inputs: Inputs::default(), store: None, sends: true, renewal: OnceLock::new() };
        assert!(!nothing_said.holds() && nothing_said.without_sending().holds());
    }
}
