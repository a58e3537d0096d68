//! Puts the stages of a walk together.

use super::Released;
use super::kept::{Action, KeptContainer, KeptValue, Stage};
use crate::schema::walk::{Container, Part, Place, Step, Value, Visitor};

/// A visitor that keeps the walk.
#[derive(Default)]
pub(super) struct Builder {
    stages: Vec<Stage>,
    open: Vec<Open>,
}

/// What a stage says beside what it is.
#[derive(Clone, Copy)]
pub(super) struct Label<'a> {
    pub(super) name: &'a str,
    pub(super) purpose: &'a str,
    pub(super) is_required: bool,
}

/// A container that is open.
struct Open {
    /// The index of the stage at which it begins.
    start: usize,
    /// The length of its path.
    length: usize,
    /// How many variants it has so far.
    variants: usize,
}

impl Builder {
    pub(super) fn finish(self) -> Released {
        Released { stages: self.stages }
    }

    pub(super) fn add_value(&mut self, label: Label<'_>, value: KeptValue) {
        self.push(label, Action::Value(value));
    }

    /// `length` is that of its path.
    pub(super) fn add_container(&mut self, label: Label<'_>, length: usize, container: Container<'_>) {
        let at = match (container, self.open.last_mut()) {
            (Container::Variant { .. }, Some(around)) => {
                around.variants += 1;
                around.variants - 1
            }
            _ => 0,
        };
        let container = KeptContainer::of(container, at);
        self.open.push(Open { start: self.stages.len(), length, variants: 0 });
        self.push(label, Action::Enter { container, end: 0 });
    }

    pub(super) fn end_container(&mut self) {
        let Some(Open { start, .. }) = self.open.pop() else { return };
        let last = self.stages.len();
        if let Some(Stage { action: Action::Enter { end, .. }, .. }) = self.stages.get_mut(start) {
            *end = last;
        }
        self.push(Label { name: "", purpose: "", is_required: true }, Action::Leave { start });
    }

    /// `length` is that of the path at which the type began.
    pub(super) fn add_recursion(&mut self, label: Label<'_>, length: usize) {
        // A variant is not the type that begins at its path.
        let is_type = |start: usize| {
            let action = self.stages.get(start).map(|stage| &stage.action);
            !matches!(action, Some(Action::Enter { container: KeptContainer::Variant { .. }, .. }))
        };
        let to = self.open.iter().find(|open| open.length == length && is_type(open.start)).map(|open| open.start);
        self.push(label, Action::Recursion { length, to });
    }

    /// The value that was added last.
    pub(super) fn last_value(&mut self) -> Option<&mut KeptValue> {
        match self.stages.last_mut() {
            Some(Stage { action: Action::Value(value), .. }) => Some(value),
            _ => None,
        }
    }

    fn push(&mut self, label: Label<'_>, action: Action) {
        let Label { name, purpose, is_required } = label;
        self.stages.push(Stage { name: name.to_owned(), purpose: purpose.to_owned(), is_required, action });
    }
}

fn label<'s>(place: &Place<'_, 's>) -> Label<'s> {
    Label { name: place.name(), purpose: place.purpose(), is_required: place.is_required() }
}

impl Visitor<'_> for Builder {
    fn value(&mut self, place: &Place<'_, '_>, value: Value<'_>) {
        self.add_value(label(place), KeptValue::of(value));
    }

    fn enter(&mut self, place: &Place<'_, '_>, container: Container<'_>) -> Step {
        self.add_container(label(place), place.parts().len(), container);
        Step::Into
    }

    fn leave(&mut self, _: &Place<'_, '_>, _: Container<'_>) {
        self.end_container();
    }

    fn recursion(&mut self, place: &Place<'_, '_>, above: &[Part<'_>]) {
        self.add_recursion(label(place), above.len());
    }
}
