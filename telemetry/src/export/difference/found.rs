//! The changes that were found, one for each path, and the rows that show them.

use std::collections::BTreeSet;

use super::sentence::{Detail, added};
use super::tree::Node;
use super::{Change, Effect};
use crate::export::rows::{PLAIN, Row, What};
use crate::schema::walk::{Part, Path};

pub(super) struct Found<'t, 's> {
    old_rows: &'t [Row<'s>],
    new_rows: &'t [Row<'s>],
    changes: Vec<(Vec<Part<'s>>, Change)>,
    shown: BTreeSet<usize>,
}

impl<'t, 's> Found<'t, 's> {
    pub(super) const fn new(old_rows: &'t [Row<'s>], new_rows: &'t [Row<'s>]) -> Self {
        Self { old_rows, new_rows, changes: Vec::new(), shown: BTreeSet::new() }
    }

    /// Nothing found yet, in the same schemas.
    pub(super) const fn anew(&self) -> Self {
        Self::new(self.old_rows, self.new_rows)
    }

    pub(super) fn breaks(&self) -> bool {
        self.changes.iter().any(|(_, change)| change.effect == Effect::Broken)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub(super) fn finish(self) -> (Vec<Change>, BTreeSet<usize>) {
        (self.changes.into_iter().map(|(_, change)| change).collect(), self.shown)
    }

    /// Adds what was found at a path; `bits` are those gained and those lost.
    pub(super) fn add(&mut self, at: &At<'s>, effect: Effect, detail: Detail, bits: (u64, u64)) {
        if effect.widens() {
            self.show(at, effect);
        }
        let inside = if matches!(effect, Effect::Added | Effect::Broken) { self.inside(at) } else { Vec::new() };
        let parts = &at.told;
        // What is gone is told by itself: its path is one of the old schema, in which a variant can have the number of another.
        let is_gone = effect == Effect::Removed;
        let is_here = |(known, change): &&mut (Vec<Part<'s>>, Change)| {
            known == parts && (change.effect == Effect::Removed) == is_gone
        };
        match self.changes.iter_mut().find(is_here) {
            // What means something else is not compared any further.
            Some((_, change)) if change.effect == Effect::Broken => {}
            Some((_, change)) => {
                if effect == Effect::Broken {
                    change.details.clear();
                    (change.bits_gained, change.bits_lost) = bits;
                }
                change.effect = change.effect.max(effect);
                change.details.push(detail);
                change.inside.extend(inside);
            }
            None => {
                let path = Path::of(parts).to_string();
                let (bits_gained, bits_lost) = bits;
                let change = Change { path, effect, bits_gained, bits_lost, details: vec![detail], inside };
                self.changes.push((parts.clone(), change));
            }
        }
    }

    /// Chooses the rows that say what is new at a path.
    fn show(&mut self, at: &At<'s>, effect: Effect) {
        // A word is in the row of its enum.
        let of_enum = match at.told.as_slice() {
            [rest @ .., Part::Variant(_)] => Some(Path::of(rest).to_string()),
            _ => None,
        };
        for (number, row) in self.new_rows.iter().enumerate() {
            let is_shown = match effect {
                _ if matches!(row.what, What::Together) => false,
                Effect::Added | Effect::Broken => at.holds(row) || of_enum.as_ref() == Some(&row.path),
                _ => at.is_of(row),
            };
            if is_shown {
                self.shown.insert(number);
            }
        }
    }

    /// What is new inside a path of the new schema, each value as a sentence.
    fn inside(&self, at: &At<'s>) -> Vec<String> {
        let is_old = |row: &Row<'s>| self.old_rows.iter().any(|old| old.path == row.path);
        let inside = self.new_rows.iter().filter(|row| at.holds(row) && !at.is_of(row) && !is_old(row));
        inside.filter(|row| !matches!(row.what, What::Together)).map(|row| added(row, PLAIN)).collect()
    }

    /// What is sent at a path of the new schema.
    pub(super) fn phrase(&self, at: &At<'s>) -> String {
        at.phrase(self.new_rows)
    }
}

/// Where something was found.
pub(super) struct At<'s> {
    /// The path of the value.
    parts: Vec<Part<'s>>,
    /// The path under which it is told.
    told: Vec<Part<'s>>,
}

impl<'s> At<'s> {
    pub(super) const fn whole() -> Self {
        Self { parts: Vec::new(), told: Vec::new() }
    }

    pub(super) fn node(node: &Node<'s>) -> Self {
        Self { parts: node.parts.clone(), told: node.told() }
    }

    /// A variant of an enum.
    pub(super) fn variant(node: &Node<'s>, part: Part<'s>) -> Self {
        let Self { mut parts, mut told } = Self::node(node);
        parts.push(part);
        told.push(part);
        Self { parts, told }
    }

    fn is_of(&self, row: &Row<'_>) -> bool {
        row.parts == self.parts && row.path == Path::of(&self.told).to_string()
    }

    /// Whether a row is about what is here, or about what that holds.
    fn holds(&self, row: &Row<'_>) -> bool {
        let is_inside = row.parts.starts_with(&self.parts);
        if self.parts.len() == self.told.len() {
            return is_inside;
        }
        // The variants of a flattened enum have its object's path before their words.
        self.is_of(row) || (is_inside && matches!(row.parts.get(self.parts.len()), Some(Part::Variant(_))))
    }

    /// What is sent here. A group that is never absent has no row.
    pub(super) fn phrase(&self, rows: &[Row<'_>]) -> String {
        let row = rows.iter().find(|row| self.is_of(row) && !matches!(row.what, What::Together));
        row.map_or_else(|| "group".to_owned(), |row| row.what.phrase(PLAIN))
    }
}
