use serde::Serialize;

use super::covered::Covered;
use super::declined::Declined;
use super::scope::{Scope, ScopedEvent};

/// What a yes covers, and what needs consent beyond it.
///
/// A yes that the user has [stored](super::Consent::enable) covers the events that were shown for it: each event's name, with everything
/// that its schema could send then. A yes of the operator, by the variable or the configuration, covers every event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Coverage {
    /// Whether every event is covered, because the operator has said yes.
    pub everything: bool,
    /// The events that the stored yes covers.
    pub covered: Vec<CoveredEvent>,
    /// The events that need consent: they are not sent.
    pub needs_consent: Vec<NewEvent>,
}

/// An event that a stored yes covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CoveredEvent {
    /// The name of the event.
    pub event: String,
    /// The [hash](crate::schema::Schema::hash) of its schema. An event can be covered with several schemas.
    pub hash: String,
}

/// An event that a stored yes does not cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewEvent {
    /// The name of the event.
    pub event: &'static str,
    /// The [hash](crate::schema::Schema::hash) of its schema.
    pub hash: String,
    /// What the event can send beyond what the yes covers: a sentence for each value.
    pub new: Vec<String>,
    /// Whether an earlier schema of the event is covered.
    pub is_known: bool,
    /// Whether the user was asked about it, and declined. They are not asked again.
    pub is_declined: bool,
}

impl Coverage {
    pub(super) fn of_everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// The coverage of a stored yes, as far as these events are concerned.
    pub(super) fn of(covered: &Covered, declined: &Declined, events: &[ScopedEvent]) -> Self {
        let entry = |(event, hash): (&str, &str)| CoveredEvent { event: event.to_owned(), hash: hash.to_owned() };
        let uncovered = events.iter().filter(|event| !covered.covers(event));
        let new_event = |event: &ScopedEvent| NewEvent {
            event: event.name,
            hash: event.schema().hash(),
            new: covered.new_in(event),
            is_known: covered.knows(event),
            is_declined: declined.has(event),
        };
        Self {
            everything: false,
            covered: covered.entries().map(entry).collect(),
            needs_consent: uncovered.map(new_event).collect(),
        }
    }
}

#[cfg(test)]
impl Coverage {
    /// The coverage of a yes that covers nothing.
    pub(crate) fn without_consent_to(scope: &Scope) -> Self {
        Self::of(&Covered::default(), &Declined::default(), scope.events())
    }
}

impl Scope {
    /// The events that need consent, and about which the user was not asked yet.
    pub(super) fn unasked(&self, covered: &Covered, declined: &Declined) -> Vec<ScopedEvent> {
        let is_open = |event: &&ScopedEvent| !covered.covers(event) && !declined.has(event);
        self.events().iter().filter(is_open).copied().collect()
    }
}
