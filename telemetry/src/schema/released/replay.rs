//! The walk of a schema that was read: its stages, one after the other.

use super::Released;
use super::kept::{Action, KeptContainer, Stage};
use crate::schema::walk::{At, Part, Place, Step, Visitor};

/// What is open at a stage of the walk.
struct Replay<'s> {
    released: &'s Released,
    parts: Vec<Part<'s>>,
    /// The stages that entered the open containers, with the lengths of the paths that contain them.
    open: Vec<(&'s Stage, usize)>,
}

impl Released {
    /// Walks the value that begins at `start`, whose path is `parts`.
    pub(in crate::schema) fn walk_from<'s>(&'s self, start: usize, parts: &[Part<'s>], visitor: &mut dyn Visitor<'s>) {
        let mut replay = Replay { released: self, parts: parts.to_vec(), open: Vec::new() };
        let (mut at, end) = (start, self.end(start));
        while at <= end {
            at = replay.stage(at, at == start, visitor);
        }
    }
}

impl<'s> Replay<'s> {
    /// Reports the stage at `at`, and returns the index of the next one.
    fn stage(&mut self, at: usize, is_first: bool, visitor: &mut dyn Visitor<'s>) -> usize {
        let released = self.released;
        let Some(stage) = released.stages.get(at) else { return at + 1 };
        let length = self.parts.len();
        if !is_first {
            self.parts.extend(self.part(stage));
        }
        match &stage.action {
            Action::Value(value) => {
                visitor.value(&self.place(stage, at), value.get());
                self.parts.truncate(length);
            }
            Action::Recursion { length: above, .. } => {
                let above = self.parts.get(..*above).unwrap_or_default();
                visitor.recursion(&self.place(stage, at), above);
                self.parts.truncate(length);
            }
            Action::Enter { container, end } => match visitor.enter(&self.place(stage, at), container.get()) {
                Step::Into => self.open.push((stage, length)),
                Step::Over => {
                    self.parts.truncate(length);
                    return end + 1;
                }
            },
            Action::Leave { start } => {
                let Some((entered, outside)) = self.open.pop() else { return at + 1 };
                if let Action::Enter { container, .. } = &entered.action {
                    visitor.leave(&self.place(entered, *start), container.get());
                }
                self.parts.truncate(outside);
            }
        }
        at + 1
    }

    /// What a stage adds to the path.
    fn part(&self, stage: &'s Stage) -> Option<Part<'s>> {
        let is_in_list = || {
            let around = self.open.last().map(|(stage, _)| &stage.action);
            matches!(around, Some(Action::Enter { container: KeptContainer::List { .. }, .. }))
        };
        match &stage.action {
            Action::Leave { .. } => None,
            Action::Enter { container: KeptContainer::Variant { word, at, .. }, .. } => {
                Some(if word.is_empty() { Part::Alternative(*at) } else { Part::Variant(word) })
            }
            _ if !stage.name.is_empty() => Some(Part::Member(&stage.name)),
            _ if is_in_list() => Some(Part::Item),
            _ => None,
        }
    }

    fn place(&self, stage: &'s Stage, at: usize) -> Place<'_, 's> {
        let Stage { name, purpose, is_required, .. } = stage;
        let (of, own_bits) = (self.released, self.released.own_bits(at));
        let at = At::Released { of, index: at, walk: Released::walk_from, own_bits, is_empty: of.is_empty_group(at) };
        Place { parts: &self.parts, name, purpose, is_required: *is_required, at }
    }
}
