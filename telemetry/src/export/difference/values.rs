//! The values that two kinds can send, compared.

use crate::schema::rounded::progressions;
use crate::schema::walk::{Value, WordList};

/// What one kind of value can send, compared with another.
#[derive(Clone, Copy, Default)]
pub(super) struct Compared {
    /// Whether there is something new.
    pub(super) is_wider: bool,
    /// Whether something is gone.
    pub(super) is_narrower: bool,
}

/// Compares two values; `None` if they are of different kinds, or of different units.
pub(super) fn compare(old: &Value<'_>, new: &Value<'_>) -> Option<Compared> {
    if unit(old) != unit(new) {
        return None;
    }
    Some(match (old, new) {
        (Value::Flag, Value::Flag)
        | (Value::Presence, Value::Presence)
        | (Value::Changed, Value::Changed)
        | (Value::Version, Value::Version) => Compared::default(),
        (Value::Count { max: old }, Value::Count { max: new }) => {
            Compared { is_wider: new > old, is_narrower: new < old }
        }
        (Value::Number { .. }, Value::Number { .. }) => {
            let (old, new) = (numbers(old), numbers(new));
            Compared { is_wider: !is_within(&new, &old), is_narrower: !is_within(&old, &new) }
        }
        (Value::Tag { .. }, Value::Tag { .. }) | (Value::Bucket { .. }, Value::Bucket { .. }) => {
            let (old, new) = (old.texts(), new.texts());
            Compared { is_wider: has_more(&new, &old), is_narrower: has_more(&old, &new) }
        }
        (Value::Tags { .. } | Value::Set { .. }, Value::Tags { .. } | Value::Set { .. }) => {
            let (old, new) = (Words::of(old)?, Words::of(new)?);
            Compared { is_wider: new.sends_more_than(&old), is_narrower: old.sends_more_than(&new) }
        }
        _ => return None,
    })
}

/// Whether both are declared alike.
pub(super) fn is_same(old: &Value<'_>, new: &Value<'_>) -> bool {
    is_same_but_for_words(old, new) && old.texts() == new.texts()
}

/// Whether both are declared alike, except for words and ranges.
pub(super) fn is_same_but_for_words(old: &Value<'_>, new: &Value<'_>) -> bool {
    let bounds = |value: &Value<'_>| match *value {
        Value::Count { max } | Value::Tags { max, .. } | Value::Set { max, .. } => (0, i64::from(max), 0),
        Value::Number { min, max, digits, .. } => (min, max, digits),
        _ => (0, 0, 0),
    };
    old.kind() == new.kind() && bounds(old) == bounds(new)
}

fn unit<'s>(value: &Value<'s>) -> &'s str {
    match value {
        Value::Number { unit, .. } | Value::Bucket { unit, .. } => unit,
        _ => "",
    }
}

/// Whether `one` has a text that `other` lacks.
pub(super) fn has_more(one: &[String], other: &[String]) -> bool {
    one.iter().any(|text| !other.contains(text))
}

/// A list or a set of words.
struct Words<'s> {
    list: WordList<'s>,
    /// The length of the longest that can be sent.
    longest: usize,
    is_set: bool,
}

impl<'s> Words<'s> {
    fn of(value: &Value<'s>) -> Option<Self> {
        let (list, max, is_set) = match *value {
            Value::Tags { words, max } => (words, max, false),
            Value::Set { words, max } => (words, max, true),
            _ => return None,
        };
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        Some(Self { list, longest: if is_set { max.min(list.len()) } else { max }, is_set })
    }

    fn position(&self, word: &str) -> Option<usize> {
        self.list.iter().position(|known| known == word)
    }

    fn sends_more_than(&self, other: &Self) -> bool {
        let positions: Option<Vec<usize>> = self.list.iter().map(|word| other.position(word)).collect();
        let Some(positions) = positions else { return true };
        let is_unordered = if self.is_set {
            // Two words in the other order.
            other.is_set && !positions.is_sorted()
        } else {
            // A word twice.
            other.is_set
        };
        self.longest > other.longest || (self.longest > 1 && is_unordered)
    }
}

/// Numbers that are sent: from, to, and the step between them, a power of ten that divides both unless it is one.
type Progression = (i64, i64, u64);

fn numbers(value: &Value<'_>) -> Vec<Progression> {
    match *value {
        Value::Number { min, max, digits, .. } => progressions(min, max, digits),
        _ => Vec::new(),
    }
}

/// Whether all numbers of `some` are among those of `all`, whose progressions do not overlap.
fn is_within(some: &[Progression], all: &[Progression]) -> bool {
    some.iter().all(|one| all.iter().map(|other| shared(*one, *other)).sum::<i64>() == count(*one))
}

fn count((from, to, step): Progression) -> i64 {
    (to - from) / step.cast_signed() + 1
}

/// How many numbers two progressions share. Of two powers of ten, the larger is a multiple of the smaller.
fn shared((from, to, step): Progression, (least, most, every): Progression) -> i64 {
    let step = step.max(every).cast_signed();
    let from = from.max(least);
    let to = to.min(most);
    let first = from + (-from).rem_euclid(step);
    if first > to { 0 } else { (to - first) / step + 1 }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::schema::rounded::rounded;

    #[test]
    fn numbers_are_within_others_if_each_is() {
        let bounds =
            [(0, 9), (0, 10), (5, 120), (-14, 3), (-130, -7), (0, 99), (90, 1_000), (1, 2), (100, 101), (-1, 1_234)];
        let all: Vec<_> =
            bounds.iter().flat_map(|bounds| (0..4).map(move |digits| (bounds.0, bounds.1, digits))).collect();
        for (min, max, digits) in &all {
            for (least, most, other) in &all {
                let some: BTreeSet<i64> = (*min..=*max).map(|number| rounded(number, *digits)).collect();
                let of: BTreeSet<i64> = (*least..=*most).map(|number| rounded(number, *other)).collect();
                let found = is_within(&progressions(*min, *max, *digits), &progressions(*least, *most, *other));
                assert_eq!(found, some.is_subset(&of), "{min} to {max} in {digits}, {least} to {most} in {other}");
            }
        }
    }

    #[test]
    fn the_largest_numbers_are_compared() {
        let most = telemetry_spec::limit::NUMBER;
        for digits in 0..=telemetry_spec::limit::DIGITS {
            let some = progressions(-most, most, digits);
            assert!(is_within(&some, &progressions(-most, most, 0)));
            assert_eq!(is_within(&progressions(-most, most, 0), &some), digits == 0);
        }
    }
}
