//! Collects all errors of an item.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::Span;
use syn::Error;

#[derive(Default)]
pub(crate) struct Errors {
    found: RefCell<Vec<Error>>,
}

impl Errors {
    pub(crate) fn at(&self, span: Span, message: impl Display) {
        self.push(Error::new(span, message));
    }

    pub(crate) fn push(&self, error: Error) {
        self.found.borrow_mut().push(error);
    }

    /// The number of errors found so far.
    pub(crate) fn count(&self) -> usize {
        self.found.borrow().len()
    }

    pub(crate) fn into_vec(self) -> Vec<Error> {
        self.found.into_inner()
    }
}

/// `` `a`, `b` and `c` ``
pub(crate) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// ` (did you mean ...?)` if one of the words is similar.
pub(crate) fn nearest(word: &str, words: &[&str]) -> String {
    let word = word.to_lowercase();
    let near = words
        .iter()
        .map(|known| (distance(&word, known), known))
        .filter(|(distance, known)| *distance * 3 <= known.len().max(3))
        .min();
    near.map_or(String::new(), |(_, known)| format!(" (did you mean `{known}`?)"))
}

/// The edit distance: letters added, omitted, replaced, or swapped with a neighbour.
fn distance(word: &str, other: &str) -> usize {
    let (word, other): (Vec<char>, Vec<char>) = (word.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for at in 1..=word.len() {
        let mut row = vec![at];
        for by in 1..=other.len() {
            let replaced = rows[at - 1][by - 1] + usize::from(word[at - 1] != other[by - 1]);
            let mut least = replaced.min(rows[at - 1][by] + 1).min(row[by - 1] + 1);
            if at > 1 && by > 1 && word[at - 1] == other[by - 2] && word[at - 2] == other[by - 1] {
                least = least.min(rows[at - 2][by - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[word.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_added_left_out_replaced_or_swapped() {
        for (word, other, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("flag", "flag", 0),
            ("falg", "flag", 1),
            ("cuont", "count", 1),
            ("skp", "skip", 1),
            ("presense", "presence", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(word, other), expected, "{word} {other}");
            assert_eq!(distance(other, word), expected, "{other} {word}");
        }
    }
}
