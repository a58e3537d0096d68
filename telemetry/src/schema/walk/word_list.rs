//! The words of a schema, wherever they are kept.

use crate::schema::Words;

/// Words that can be sent, in the order of their table.
#[derive(Clone, Copy)]
pub struct WordList<'s>(Kept<'s>);

#[derive(Clone, Copy)]
enum Kept<'s> {
    Declared(Words),
    Released(&'s [String]),
}

impl<'s> WordList<'s> {
    pub(in crate::schema) const fn declared(words: Words) -> Self {
        Self(Kept::Declared(words))
    }

    pub(in crate::schema) const fn released(words: &'s [String]) -> Self {
        Self(Kept::Released(words))
    }

    /// The number of words.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a table is never empty")]
    pub const fn len(&self) -> usize {
        match self.0 {
            Kept::Declared(ref words) => words.len(),
            Kept::Released(words) => words.len(),
        }
    }

    /// The word at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&'s str> {
        match self.0 {
            Kept::Declared(words) => words.get(index),
            Kept::Released(words) => words.get(index).map(String::as_str),
        }
    }

    /// All words, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        let words = *self;
        (0..words.len()).filter_map(move |index| words.get(index))
    }
}

impl core::fmt::Debug for WordList<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
