//! The source of a shape's values: visible ones and hidden ones.

use std::cell::Cell;
use std::cell::RefCell;

/// Two streams: a snapshot may depend on the first but never on the second.
pub(crate) struct Source<'a> {
    visible: &'a [u32],
    hidden: &'a [String],
    seen: Cell<usize>,
    hid: Cell<usize>,
    canaries: RefCell<Vec<String>>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(visible: &'a [u32], hidden: &'a [String]) -> Self {
        Self { visible, hidden, seen: Cell::default(), hid: Cell::default(), canaries: RefCell::default() }
    }

    fn next(&self) -> u32 {
        let at = self.seen.replace(self.seen.get() + 1);
        // After the first round the numbers continue differently, so that small inputs are not all alike.
        self.visible[at % self.visible.len()].wrapping_add((at / self.visible.len()) as u32)
    }

    pub(crate) fn flag(&self) -> bool {
        self.next() % 2 == 1
    }

    /// A number below `end`.
    pub(crate) fn below(&self, end: u32) -> u32 {
        self.next() % end
    }

    pub(crate) fn option<T>(&self, value: impl FnOnce(&Self) -> T) -> Option<T> {
        self.flag().then(|| value(self))
    }

    pub(crate) fn list<T>(&self, longest: u32, value: impl Fn(&Self) -> T) -> Vec<T> {
        (0..self.below(longest + 1)).map(|_| value(self)).collect()
    }

    /// Hidden text. It is never empty and never a word of a table.
    pub(crate) fn secret(&self) -> String {
        let at = self.hid.replace(self.hid.get() + 1);
        let text = format!("{}{at}", self.hidden[at % self.hidden.len()]);
        self.canaries.borrow_mut().push(text.clone());
        text
    }

    /// A hidden number below `end`.
    pub(crate) fn hidden_below(&self, end: u64) -> u64 {
        let at = self.hid.replace(self.hid.get() + 1);
        let sum =
            self.hidden[at % self.hidden.len()].bytes().fold(0_u64, |sum, byte| sum * 31 % 65_521 + u64::from(byte));
        sum % end
    }

    /// Empty text or a secret.
    pub(crate) fn text(&self) -> String {
        if self.flag() { self.secret() } else { String::new() }
    }

    /// One of the words, or a secret.
    pub(crate) fn word(&self, words: &[&str]) -> String {
        let at = self.below(words.len() as u32 + 1) as usize;
        words.get(at).map_or_else(|| self.secret(), |word| (*word).to_owned())
    }

    /// A version followed by a secret, or only a secret.
    pub(crate) fn version(&self) -> String {
        match self.below(4) {
            0 => self.secret(),
            1 => format!("{}", self.below(70_000)),
            2 => format!("v{}.{}", self.below(70_000), self.below(70_000)),
            _ => format!("{}.{}.{}-{}", self.below(9), self.below(99), self.below(99), self.secret()),
        }
    }

    pub(crate) fn into_canaries(self) -> Vec<String> {
        self.canaries.into_inner()
    }
}
