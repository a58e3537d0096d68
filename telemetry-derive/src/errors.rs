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
        .map(|known| (strsim::osa_distance(&word, known), known))
        .filter(|(distance, known)| *distance * 3 <= known.len().max(3))
        .min();
    near.map_or(String::new(), |(_, known)| format!(" (did you mean `{known}`?)"))
}
