use super::decide::{Decision, Inputs, Stored, decide};
use super::inputs::Place;

/// A decision, and what it takes to make it again when the user may have stored another choice since.
pub(crate) struct Standing {
    inputs: Inputs,
    place: Option<Place>,
    /// Whether anything is sent that needs consent.
    sends: bool,
}

impl Standing {
    pub(super) fn of(inputs: Inputs, application: &str) -> Self {
        let enabled = decide(&inputs).enabled;
        let place = enabled.then(|| Place::find(application, true)).flatten();
        Self { inputs, place, sends: true }
    }

    /// For a client that shows what it would send, and sends nothing.
    pub(crate) fn without_sending(self) -> Self {
        Self { sends: false, ..self }
    }

    pub(crate) fn decision(&self) -> Decision {
        decide(&self.inputs)
    }

    /// Whether telemetry is still on, which costs one read-only open. The environment of a process does not change.
    pub(crate) fn holds(&self) -> bool {
        let Some(place) = self.place.as_ref().filter(|_| self.sends) else {
            return !self.sends || self.decision().enabled;
        };
        let inputs = Inputs { stored: place.read(), ..self.inputs.clone() };
        decide(&inputs).enabled
    }

    /// Whether the user has stored a no, after which nothing is kept for them. A choice that cannot be read is none.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.sends && self.place.as_ref().is_some_and(|place| place.read() == Stored::Disabled)
    }
}

#[cfg(test)]
impl Standing {
    /// Consent that nobody withdraws, whatever the environment of the tests says.
    pub(crate) fn given() -> Self {
        Self { inputs: Inputs { configured: Some(true), ..Inputs::default() }, place: None, sends: true }
    }

    /// Consent that the choice in this directory can withdraw.
    pub(crate) fn given_at(home: &std::path::Path) -> Self {
        Self { place: Some(Place::at(home)), ..Self::given() }
    }

    pub(crate) fn choose(&self, enabled: bool) {
        self.place.as_ref().unwrap().write(enabled).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_that_is_withdrawn_ends_it_and_a_new_one_brings_it_back() {
        let home = tempfile::tempdir().unwrap();
        let place = Place::at(home.path());
        place.write(true).unwrap();
        let inputs = Inputs { stored: Stored::Enabled, ..Inputs::default() };
        let standing = Standing { inputs: inputs.clone(), place: Some(place.clone()), sends: true };
        assert!(standing.holds());
        assert!(!standing.is_withdrawn());
        place.write(false).unwrap();
        assert!(!standing.holds() && standing.is_withdrawn());
        place.write(true).unwrap();
        assert!(standing.holds());
        std::fs::remove_dir_all(home.path()).unwrap();
        assert!(!standing.holds() && !standing.is_withdrawn(), "nothing else had said yes");

        let configured = Inputs { configured: Some(true), ..inputs };
        let standing = Standing { inputs: configured, place: Some(place), sends: true };
        assert!(standing.holds());

        let nothing_said = Standing { inputs: Inputs::default(), place: None, sends: true };
        assert!(!nothing_said.holds() && nothing_said.without_sending().holds());
    }
}
