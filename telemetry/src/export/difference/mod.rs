//! The difference of two schemas: what one can send that the other cannot.

mod compare;
mod found;
mod sentence;
mod tree;
mod values;

use core::fmt;

use serde::Serialize;

use self::compare::compare;
use self::sentence::Detail;
pub(crate) use self::sentence::added;
use super::rows::{Row, rows};
use crate::schema::walk::AnySchema;

/// The difference of two schemas, found by [`difference`].
#[derive(Clone, Debug)]
pub struct Difference<'s> {
    changes: Vec<Change>,
    rows: Vec<Row<'s>>,
}

/// One change, at one path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Names joined by dots, one with a dot in square brackets; `[]` is a list item, and a variant of an enum is in angle brackets. Empty for the whole.
    pub path: String,
    /// What it does to the data that can be sent.
    pub effect: Effect,
    /// How many bits more can be revealed at this path; for each item if it is in a list.
    pub bits_gained: u64,
    /// How many bits less can be revealed at this path.
    pub bits_lost: u64,
    details: Vec<Detail>,
    /// What is new inside, each value as a sentence.
    inside: Vec<String>,
}

impl Change {
    /// The values that can be sent, each as a sentence. That a group is new tells nothing beside what is inside it.
    pub(crate) fn values(&self) -> impl Iterator<Item = String> + '_ {
        let is_bare = !self.inside.is_empty() && self.details == [Detail::What("group".to_owned())];
        self.sentences().skip(usize::from(is_bare))
    }

    /// The sentence of the change, and those of what is inside a member or a variant that is new.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = String> + '_ {
        std::iter::once(self.to_string()).chain(self.inside.iter().cloned())
    }
}

/// What a change does to the data that can be sent. Later ones outweigh earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// The same can be sent, in another order or declared in another way.
    Restated,
    /// Less can be sent, and nothing new.
    Narrowed,
    /// A member or a variant is gone.
    Removed,
    /// Something can be sent that could not, even if something else no longer can.
    Widened,
    /// A member or a variant is new.
    Added,
    /// The name stands for another kind of value, or for another unit. A reader of both versions would mistake one for the other, so it
    /// needs a new name.
    Broken,
}

impl Effect {
    /// Whether something can be sent that could not be sent before.
    #[must_use]
    pub const fn widens(self) -> bool {
        matches!(self, Self::Widened | Self::Added | Self::Broken)
    }
}

/// What changed from `old` to `new`. Purposes are not compared.
///
/// ```
/// use telemetry::TelemetrySnapshot;
/// use telemetry::export::{Effect, difference};
///
/// #[derive(TelemetrySnapshot)]
/// struct Old {
///     #[telemetry(number(max = 15, unit = "s"))]
///     wait: u8,
/// }
///
/// #[derive(TelemetrySnapshot)]
/// struct New {
///     #[telemetry(number(max = 99, unit = "s"))]
///     wait: u8,
///     by_hand: bool,
/// }
///
/// let difference = difference(&Old::SCHEMA, &New::SCHEMA);
/// assert!(difference.widens() && !difference.breaks());
/// assert_eq!(difference.changes()[0].effect, Effect::Widened);
/// assert_eq!(
///     difference.to_string(),
///     "`wait` can send more: number from 0 to 99 s; before: number from 0 to 15 s.\n\
///      `by_hand` is new: yes or no.",
/// );
/// ```
#[must_use]
pub fn difference<'s>(old: impl AnySchema<'s>, new: impl AnySchema<'s>) -> Difference<'s> {
    let (changes, shown) = compare(old, new);
    let all = rows(new).into_iter().zip(0..);
    Difference { changes, rows: all.filter(|(_, at)| shown.contains(at)).map(|(row, _)| row).collect() }
}

impl<'s> Difference<'s> {
    /// All changes: those of members that both have, and new ones, in the order of the new schema; removed ones after their neighbours.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether both schemas are the same, except for purposes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether the new schema can send something that the old one cannot. Leaving out what the new schema no longer has is nothing new;
    /// leaving out what it still has is.
    #[must_use]
    pub fn widens(&self) -> bool {
        self.changes.iter().any(|change| change.effect.widens())
    }

    /// Whether a name stands for something else than before.
    #[must_use]
    pub fn breaks(&self) -> bool {
        self.changes.iter().any(|change| change.effect == Effect::Broken)
    }

    /// The rows of the new schema that say what can be sent and could not be sent before.
    #[must_use]
    pub fn rows(&self) -> &[Row<'s>] {
        &self.rows
    }
}

/// One sentence a line: for each change, and for each value inside what is new.
impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, sentence) in self.changes.iter().flat_map(Change::sentences).enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&sentence)?;
        }
        Ok(())
    }
}
