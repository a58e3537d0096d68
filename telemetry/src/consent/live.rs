use super::decide::{Decision, Inputs, StoredChoice, decide};
use super::inputs::ChoiceStore;

/// A decision that can be evaluated again, since the user may store another choice at any time.
pub(crate) struct LiveConsent {
    inputs: Inputs,
    store: Option<ChoiceStore>,
    /// Whether the client sends events, which requires consent. A client that only prints them does not need it.
    sends: bool,
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
        Self { inputs, store, sends: true }
    }

    /// For a client that prints events instead of sending them.
    pub(crate) fn without_sending(self) -> Self {
        Self { sends: false, ..self }
    }

    pub(crate) fn decision(&self) -> Decision {
        decide(&self.inputs)
    }

    /// Whether telemetry is still on. This costs one read-only open. The environment of a process does not change.
    pub(crate) fn now(&self) -> ConsentNow {
        let Some(store) = self.store.as_ref().filter(|_| self.sends) else {
            return ConsentNow::given_if(!self.sends || self.decision().enabled);
        };
        match store.read() {
            StoredChoice::Unreadable => ConsentNow::Unreadable,
            stored => ConsentNow::given_if(decide(&Inputs { stored, ..self.inputs.clone() }).enabled),
        }
    }

    /// Whether events may be sent now.
    pub(crate) fn holds(&self) -> bool {
        self.now() == ConsentNow::Given
    }

    /// Whether the user has stored a no, after which nothing is kept. An unreadable choice does not count as a stored no.
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
        Self { inputs: Inputs { configured: Some(true), ..Inputs::default() }, store: None, sends: true }
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
    fn a_choice_that_is_withdrawn_ends_it_and_a_new_one_brings_it_back() {
        let home = tempfile::tempdir().unwrap();
        let store = ChoiceStore::at(home.path());
        store.write(true).unwrap();
        let inputs = Inputs { stored: StoredChoice::Enabled, ..Inputs::default() };
        let consent = LiveConsent { inputs: inputs.clone(), store: Some(store.clone()), sends: true };
        assert!(consent.holds());
        assert!(!consent.is_withdrawn());
        store.write(false).unwrap();
        assert!(!consent.holds() && consent.is_withdrawn());
        store.write(true).unwrap();
        assert!(consent.holds());
        std::fs::remove_dir_all(home.path()).unwrap();
        assert!(!consent.holds() && !consent.is_withdrawn(), "nothing else had said yes");

        std::fs::create_dir_all(store.file()).unwrap();
        assert_eq!(consent.now(), ConsentNow::Unreadable);
        assert!(!consent.is_withdrawn());
        std::fs::remove_dir(store.file()).unwrap();

        let configured = Inputs { configured: Some(true), ..inputs };
        let consent = LiveConsent { inputs: configured, store: Some(store), sends: true };
        assert!(consent.holds());

        let nothing_said = LiveConsent { inputs: Inputs::default(), store: None, sends: true };
        assert!(!nothing_said.holds() && nothing_said.without_sending().holds());
    }
}
