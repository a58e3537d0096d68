//! Tables of words: the only texts that a tag can send.

use telemetry_spec::{limit, word};

use super::Variant;
use super::name::{equal, word_bit};

/// A constant table of words, with an optional word for any other text.
///
/// A word is 1 to 64 bytes of printable text without quotes or backslashes; a
/// table holds at most 255 words, without duplicates.
///
/// ```
/// use telemetry::schema::Words;
///
/// const PROVIDERS: Words = Words::new(&["github", "google"]).other("custom");
///
/// assert_eq!(PROVIDERS.get(PROVIDERS.index_of("google")), Some("google"));
/// assert_eq!(PROVIDERS.get(PROVIDERS.index_of("acme-internal-sso")), Some("custom"));
/// ```
#[derive(Clone, Copy)]
pub struct Words {
    pub(super) list: &'static [&'static str],
    /// Empty if the table is complete, as for the variants of an enum.
    pub(super) other: &'static str,
    /// The index of `other` in the list, or the list's length.
    pub(super) other_at: u16,
    pub(super) ignore_case: bool,
    /// Whether its words were checked, so that they need not be checked again.
    pub(super) is_checked: bool,
}

impl Words {
    /// A table of `words`; text that matches none of them becomes the word `other`.
    ///
    /// # Compile errors
    ///
    /// In a constant, a word that is ill-formed or listed twice, an empty
    /// table or one with more than 255 words does not compile.
    #[must_use]
    #[track_caller]
    pub const fn new(words: &'static [&'static str]) -> Self {
        Self::exact(words).other("other")
    }

    /// A complete table: no other word can occur.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub const fn exact(words: &'static [&'static str]) -> Self {
        check_list(words);
        Self { is_checked: true, ..super::derived::words(words, "", words.len()) }
    }

    /// The same table with a different word for any other text.
    #[must_use]
    #[track_caller]
    pub const fn other(mut self, word: &'static str) -> Self {
        check_other(word);
        self.other = word;
        self.other_at = match self.position(word) {
            Some(at) => at as u16,
            None => self.list.len() as u16,
        };
        self
    }

    /// The same table, compared without regard to ASCII case.
    #[must_use]
    pub const fn ignore_case(mut self) -> Self {
        self.ignore_case = true;
        self
    }

    /// The number of words in the table, including the word for any other text.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a table is never empty")]
    pub const fn len(&self) -> usize {
        if self.other_at as usize == self.list.len() && !self.other.is_empty() {
            self.list.len() + 1
        } else {
            self.list.len()
        }
    }

    /// The word at `index`.
    #[must_use]
    pub const fn get(&self, index: usize) -> Option<&'static str> {
        if index < self.list.len() {
            Some(self.list[index])
        } else if index < self.len() {
            Some(self.other)
        } else {
            None
        }
    }

    /// The index of `word` in the list, compared exactly.
    pub(crate) const fn position(&self, word: &str) -> Option<usize> {
        let mut at = 0;
        while at < self.list.len() {
            if self.list[at].len() == word.len() && equal(self.list[at], word) {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// The index of `text`, or the index of the word for any other text.
    ///
    /// Run-time text ends here: only a number is passed on.
    #[must_use]
    pub fn index_of(&self, text: &str) -> usize {
        let found = if self.ignore_case {
            self.list.iter().position(|word| word.eq_ignore_ascii_case(text))
        } else {
            // Words of one length rarely have the same last byte, so nearly all are told apart without a call.
            let last = text.as_bytes().last();
            let is_it = |word: &&str| word.len() == text.len() && word.as_bytes().last() == last && *word == text;
            self.list.iter().position(is_it)
        };
        found.unwrap_or(self.other_at.into())
    }

    /// All words, in the order of their indices.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        let extra = (self.len() > self.list.len()).then_some(self.other);
        self.list.iter().copied().chain(extra)
    }
}

impl core::fmt::Debug for Words {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Fails the compilation when a table that was not checked is empty or too long, or when a word is ill-formed or listed twice.
#[track_caller]
pub(crate) const fn check_words(words: &Words) {
    if words.is_checked {
        return;
    }
    check_list(words.list);
    if !words.other.is_empty() {
        check_other(words.other);
    }
    let other_at = match words.position(words.other) {
        Some(at) => at,
        None => words.list.len(),
    };
    assert!(words.other_at as usize == other_at, "the `other` word stands elsewhere among the words");
}

/// The bit of the word of the variant at this index. Fails the compilation when it is ill-formed, or that of a variant before it; `seen`
/// has the bits of those.
#[track_caller]
pub(super) const fn check_word_of(variants: &[Variant], at: usize, seen: u128) -> u128 {
    let Some(bit) = word_bit(variants[at].word) else {
        panic!("{}", word::RULE);
    };
    let mut before = if seen & bit == 0 { at } else { 0 };
    while before < at {
        assert!(!equal(variants[before].word, variants[at].word), "no two variants have the same word");
        before += 1;
    }
    bit
}

#[track_caller]
const fn check_other(word: &str) {
    assert!(word::is_word(word), "{}", word::RULE);
}

#[track_caller]
const fn check_list(words: &[&str]) {
    assert!(!words.is_empty(), "a table of words is not empty");
    assert!(words.len() <= limit::WORDS, "a table of words holds at most 255 words");
    let (mut at, len, mut seen) = (0, words.len(), 0);
    while at < len {
        let Some(bit) = word_bit(words[at]) else {
            panic!("{}", word::RULE);
        };
        let mut before = if seen & bit == 0 { at } else { 0 };
        while before < at {
            assert!(!equal(words[before], words[at]), "a table of words lists no word twice");
            before += 1;
        }
        seen |= bit;
        at += 1;
    }
}
