//! The changes that were found, one for each path, and the rows that show them.

use std::collections::BTreeSet;

use super::sentence::Detail;
use super::{Change, Effect};
use crate::export::rows::{PLAIN, Row, What};
use crate::schema::walk::{Part, Path};

pub(super) struct Found<'t, 's> {
    new_rows: &'t [Row<'s>],
    changes: Vec<(Vec<Part<'s>>, Change)>,
    shown: BTreeSet<usize>,
}

impl<'t, 's> Found<'t, 's> {
    pub(super) const fn new(new_rows: &'t [Row<'s>]) -> Self {
        Self { new_rows, changes: Vec::new(), shown: BTreeSet::new() }
    }

    /// Nothing found yet, in the same schemas.
    pub(super) const fn anew(&self) -> Self {
        Self::new(self.new_rows)
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
    pub(super) fn add(&mut self, parts: &[Part<'s>], effect: Effect, detail: Detail, bits: (u64, u64)) {
        if effect.widens() {
            self.show(parts, effect);
        }
        match self.changes.iter_mut().find(|(known, _)| known == parts) {
            // What means something else is not compared any further.
            Some((_, change)) if change.effect == Effect::Broken => {}
            Some((_, change)) => {
                if effect == Effect::Broken {
                    change.details.clear();
                    (change.bits_gained, change.bits_lost) = bits;
                }
                change.effect = change.effect.max(effect);
                change.details.push(detail);
            }
            None => {
                let path = Path::of(parts).to_string();
                let (bits_gained, bits_lost) = bits;
                let change = Change { path, effect, bits_gained, bits_lost, details: vec![detail] };
                self.changes.push((parts.to_vec(), change));
            }
        }
    }

    /// Chooses the rows that say what is new at a path.
    fn show(&mut self, parts: &[Part<'s>], effect: Effect) {
        // A word is in the row of its enum.
        let of_enum = match parts {
            [rest @ .., Part::Variant(_)] => Some(rest),
            _ => None,
        };
        for (at, row) in self.new_rows.iter().enumerate() {
            let is_shown = match effect {
                _ if matches!(row.what, What::Together) => false,
                Effect::Added | Effect::Broken => row.parts.starts_with(parts) || Some(row.parts.as_slice()) == of_enum,
                _ => row.parts == parts,
            };
            if is_shown {
                self.shown.insert(at);
            }
        }
    }

    /// What is sent at a path of the new schema.
    pub(super) fn phrase(&self, parts: &[Part<'s>]) -> String {
        phrase(self.new_rows, parts)
    }
}

/// What is sent at a path. A group that is never absent has no row.
pub(super) fn phrase(rows: &[Row<'_>], parts: &[Part<'_>]) -> String {
    let row = rows.iter().find(|row| row.parts == parts && !matches!(row.what, What::Together));
    row.map_or_else(|| "group".to_owned(), |row| row.what.phrase(PLAIN))
}
