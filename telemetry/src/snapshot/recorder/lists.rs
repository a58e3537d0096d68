//! Lists, written item by item.

use super::set::WordSet;
use super::sorted::looked_at;
use super::{LEFT_MIDWAY, OUTSIDE_OF_THE_WORDS, Recorder, node};
use crate::schema::{Field, Key, Node, Words, contains};

/// A list being written.
pub(super) struct List {
    rest: core::slice::Iter<'static, Field>,
    field: &'static Field,
    start: usize,
    /// The depth of its items.
    depth: u8,
    item: &'static Field,
    /// The field that follows `item`, which is the key of an entry.
    value: &'static [Field],
}

impl List {
    /// The field that holds the list.
    pub(super) fn field(&self) -> &'static Field {
        self.field
    }

    /// Where its first item begins.
    pub(super) fn start(&self) -> usize {
        self.start
    }
}

/// A list of words being written.
pub(super) struct Tags {
    field: &'static Field,
    words: &'static Words,
    start: usize,
    left: u32,
    /// The words of a set, which are written at the end.
    set: Option<WordSet>,
    /// How many more words of a set are looked at.
    unseen: usize,
}

impl Recorder<'_> {
    /// Until it is closed, the recorder is one level deeper, so a panic in the iterator of indices that is caught leaves it invalid.
    pub(super) fn open_tags(&mut self) -> Option<Tags> {
        let field = self.fields.next();
        if let Some(field) = field
            && let Node::Tags { words, max, is_set } = node(field)
        {
            if !self.deeper(field) {
                return None;
            }
            self.out.key(&field.key);
            let (set, unseen) = (is_set.then(WordSet::default), looked_at(*max as usize));
            return Some(Tags { field, words, start: self.out.len(), left: *max, set, unseen });
        }
        self.fail(field, "tags");
        None
    }

    /// Returns whether another word can follow.
    pub(super) fn next_tag(&mut self, tags: &mut Tags, index: usize) -> bool {
        let Some(word) = tags.words.get(index) else {
            self.fail(Some(tags.field), OUTSIDE_OF_THE_WORDS);
            return false;
        };
        if let Some(set) = &mut tags.set {
            set.insert(index);
            tags.unseen -= 1;
            return tags.unseen > 0;
        }
        self.out.word(const { &Key::item() }, word);
        tags.left -= 1;
        tags.left > 0 && !self.out.is_full()
    }

    pub(super) fn close_tags(&mut self, mut tags: Tags) {
        if self.failure.is_some() {
            return;
        }
        if let Some(set) = tags.set.take() {
            set.iter().all(|index| self.next_tag(&mut tags, index));
        }
        self.out.close(tags.start, b'[', b']');
        self.depth -= 1;
    }

    pub(super) fn open_list(&mut self) -> Option<(List, u32)> {
        let field = self.fields.next();
        if let Some(field) = field
            && let Node::List { item, max } = node(field)
        {
            return Some((self.open(field, item(), &[])?, *max));
        }
        self.fail(field, "list");
        None
    }

    pub(super) fn open_entries(&mut self) -> Option<(List, u32)> {
        let field = self.fields.next();
        if let Some(field) = field
            && let Node::Entries { key, value, max } = node(field)
        {
            let value = value.field();
            if contains(value, key) {
                self.fail(Some(field), "a key that has the name of a member");
                return None;
            }
            return Some((self.open(field, key, core::slice::from_ref(value))?, *max));
        }
        self.fail(field, "entries");
        None
    }

    pub(super) fn open(
        &mut self,
        field: &'static Field,
        item: &'static Field,
        value: &'static [Field],
    ) -> Option<List> {
        if !self.deeper(field) {
            return None;
        }
        self.out.key(&field.key);
        let rest = core::mem::replace(&mut self.fields, [].iter());
        Some(List { rest, field, start: self.out.len(), depth: self.depth, item, value })
    }

    /// Moves on to the next item. An absent item is left out, so the previous item may have written nothing.
    pub(super) fn next_item(&mut self, list: &List) -> bool {
        if !self.item_ended(list) || self.out.is_full() {
            return false;
        }
        self.fields = core::slice::from_ref(list.item).iter();
        true
    }

    /// Whether all of an item was recorded. After a failure the depth is another, so nothing else needs to ask for one.
    #[inline]
    pub(super) fn item_ended(&mut self, list: &List) -> bool {
        if self.depth == list.depth && self.fields.as_slice().is_empty() {
            return true;
        }
        self.item_is_incomplete(list);
        false
    }

    #[cold]
    #[inline(never)]
    fn item_is_incomplete(&mut self, list: &List) {
        if self.depth != list.depth {
            self.fail(Some(list.item), LEFT_MIDWAY);
        } else if let (None, Some(missing)) = (&self.failure, self.fields.as_slice().first()) {
            self.fail(Some(missing), "nothing");
        }
    }

    #[inline]
    pub(super) fn next_entry(&mut self, list: &List) -> Option<usize> {
        if self.out.is_full() {
            return None;
        }
        self.out.byte(b',');
        let start = self.out.len();
        self.fields = core::slice::from_ref(list.item).iter();
        Some(start)
    }

    /// Moves on from the key of an entry to its value.
    #[inline]
    pub(super) fn next_value(&mut self, list: &List) {
        if self.item_ended(list) {
            self.fields = list.value.iter();
        }
    }

    /// Returns whether another entry can follow.
    #[inline]
    pub(super) fn end_entry(&mut self, list: &List, start: usize) -> bool {
        let has_ended = self.item_ended(list);
        if !self.out.close_object(start) {
            self.out.close(start, b'{', b'}');
        }
        has_ended
    }

    pub(super) fn close_list(&mut self, list: List) {
        if self.item_ended(&list) {
            self.depth -= 1;
        }
        self.end(list.field, list.rest);
        self.out.close(list.start, b'[', b']');
    }
}
