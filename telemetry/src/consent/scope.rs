//! The events that a yes covers.

use std::ptr;

use telemetry_spec::name;

use crate::schema::Schema;
use crate::snapshot::{TelemetryEvent, event_schema};

/// The events that an application asks its user about: what a yes covers.
///
/// An event is listed by its type, so its name and its schema are constants of the program. A [page](crate::page::Disclosure) has such a
/// list, see [`Disclosure::scope`](crate::page::Disclosure::scope): an application with a page does not write a second one.
///
/// ```
/// use telemetry::consent::Scope;
/// use telemetry::{Consent, TelemetryEvent};
///
/// #[derive(TelemetryEvent)]
/// #[telemetry(event = "started")]
/// struct Started {
///     by_hand: bool,
/// }
///
/// # fn enable() -> Result<(), telemetry::consent::ChoiceError> {
/// Consent::new("ACME", "acme-cli").enable(&Scope::new().event::<Started>())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scope {
    events: Vec<ScopedEvent>,
}

/// One event of a scope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScopedEvent {
    pub(crate) name: &'static str,
    schema: fn() -> &'static Schema,
}

impl Scope {
    /// A scope without events.
    #[must_use]
    pub const fn new() -> Self {
        Self { events: Vec::new() }
    }

    /// Adds an event that the application publishes. Adding it again changes nothing.
    ///
    /// # Compile errors
    ///
    /// The name of the event must be one that can be published, see [`TelemetryEvent::NAME`].
    #[must_use]
    pub fn event<E: TelemetryEvent + ?Sized>(mut self) -> Self {
        const { assert!(name::is_name(E::NAME), "{}", name::RULE) };
        let event = ScopedEvent::of::<E>();
        if !self.events.iter().any(|known| known.is(event)) {
            self.events.push(event);
        }
        self
    }

    pub(crate) fn events(&self) -> &[ScopedEvent] {
        &self.events
    }

    pub(super) const fn of(events: Vec<ScopedEvent>) -> Self {
        Self { events }
    }
}

impl ScopedEvent {
    pub(crate) const fn of<E: TelemetryEvent + ?Sized>() -> Self {
        Self { name: E::NAME, schema: event_schema::<E> }
    }

    /// Whether both are of one type. The compiler may join the functions of types with equal schemas, but not their names.
    pub(super) fn is(self, other: Self) -> bool {
        ptr::fn_addr_eq(self.schema, other.schema) && self.name == other.name
    }

    pub(crate) fn schema(&self) -> &'static Schema {
        (self.schema)()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::test_events::{Build, Check};

    #[test]
    fn an_event_is_listed_once() {
        let scope = Scope::new().event::<Build>().event::<Check>().event::<Build>();
        let names: Vec<&str> = scope.events().iter().map(|event| event.name).collect();
        assert_eq!(names, ["build", "check"]);
    }
}
