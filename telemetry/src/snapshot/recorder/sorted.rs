//! Sets and maps whose order is not to be sent: what is sent does not depend on the order in which they give their items.

use super::lists::List;
use super::set::WordSet;
use super::{OUTSIDE_OF_THE_WORDS, Recorder, node};
use crate::schema::{Field, Key, Node, Words};
use crate::snapshot::TelemetrySnapshot;

/// How many items are looked at, at least: recording blocks the host, however large its sets and maps are.
const LOOKED_AT: usize = 4096;

/// How many items are looked at, of which at most `max` are sent.
pub(super) fn looked_at(max: usize) -> usize {
    LOOKED_AT.max(max)
}

/// The items recorded so far.
pub(super) enum Sorted {
    /// The bytes of the first ones in the order of these bytes, each after a comma.
    Items { first: Vec<Vec<u8>>, max: usize },
    /// The words of a table, each once.
    Words { set: WordSet, words: &'static Words, max: usize },
}

impl Sorted {
    fn items(max: u32) -> Self {
        Self::Items { first: Vec::new(), max: max as usize }
    }

    /// How many items are looked at.
    fn most(&self) -> usize {
        let (Self::Items { max, .. } | Self::Words { max, .. }) = self;
        looked_at(*max)
    }

    /// Adds what was written for one item. Returns whether it was one of the words, if there are any.
    fn insert(&mut self, item: &[u8]) -> bool {
        match self {
            // An absent item writes nothing.
            _ if item.is_empty() => true,
            Self::Items { first, max } => {
                let at = first.partition_point(|before| before.as_slice() <= item);
                if at < *max {
                    first.truncate(*max - 1);
                    first.insert(at, item.to_vec());
                }
                true
            }
            Self::Words { set, words, .. } => {
                let word = item.strip_prefix(b",\"").and_then(|item| item.strip_suffix(b"\""));
                let index = word.and_then(|word| words.iter().position(|known| known.as_bytes() == word));
                index.map(|index| set.insert(index)).is_some()
            }
        }
    }
}

impl Recorder<'_> {
    /// Records a set of nested values. Its words are sent in the order of their table, each once, and items of any other kind in the order of
    /// what is sent of them; those beyond the field's maximum are left out.
    #[inline(never)]
    pub(crate) fn set<'t, T: TelemetrySnapshot + ?Sized + 't>(&mut self, items: impl IntoIterator<Item = &'t T>) {
        let word = const { &Field::item(T::KIND.kind()) };
        let Some((list, mut sorted)) = self.open_set(word) else { return };
        for value in items.into_iter().take(sorted.most()) {
            if !self.next_item(&list) {
                break;
            }
            value.record_nested(self);
            if !self.keep(&list, &mut sorted) {
                break;
            }
        }
        self.close_sorted(list, &sorted);
    }

    /// Like `map`, for a map whose order is not to be sent: its entries are sent in the order of what is sent of them, and so of the words of their keys.
    pub(crate) fn unordered_map<K, V>(
        &mut self,
        entries: impl IntoIterator<Item = (K, V)>,
        record_key: impl Fn(K, &mut Self),
        record_value: impl Fn(V, &mut Self),
    ) {
        let Some((list, max)) = self.open_entries() else { return };
        let mut sorted = Sorted::items(max);
        for (key, value) in entries.into_iter().take(sorted.most()) {
            let Some(start) = self.next_entry(&list) else { break };
            record_key(key, self);
            self.next_value(&list);
            record_value(value, self);
            if !self.end_entry(&list, start) || !self.keep(&list, &mut sorted) {
                break;
            }
        }
        self.close_sorted(list, &sorted);
    }

    fn open_set(&mut self, word: &'static Field) -> Option<(List, Sorted)> {
        if let Some(field) = self.fields.as_slice().first()
            && let Node::Tags { words, max, is_set: true } = node(field)
        {
            self.fields.next();
            let words = Sorted::Words { set: WordSet::default(), words, max: *max as usize };
            return Some((self.open(field, word, &[])?, words));
        }
        let (list, max) = self.open_list()?;
        Some((list, Sorted::items(max)))
    }

    /// Takes back the item that was written last. Returns whether another one can follow.
    fn keep(&mut self, list: &List, sorted: &mut Sorted) -> bool {
        if !self.item_ended(list) || self.out.is_full() {
            return false;
        }
        if !sorted.insert(self.out.from(list.start())) {
            self.fail(Some(list.field()), OUTSIDE_OF_THE_WORDS);
            return false;
        }
        self.out.rewind(list.start());
        true
    }

    fn close_sorted(&mut self, list: List, sorted: &Sorted) {
        if self.failure.is_none() {
            match sorted {
                Sorted::Items { first, .. } => first.iter().for_each(|item| self.out.append(item)),
                Sorted::Words { set, words, max } => {
                    let words = set.iter().take(*max).filter_map(|index| words.get(index));
                    words.for_each(|word| self.out.word(const { &Key::item() }, word));
                }
            }
        }
        self.close_list(list);
    }
}
