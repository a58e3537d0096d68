//! Lists, item by item.

use super::{Recorder, node};
use crate::schema::{Field, Node, Schema, Words};

/// A list that is being written.
pub(super) struct List {
    rest: core::slice::Iter<'static, Field>,
    field: &'static Field,
    start: usize,
    item: &'static Field,
    members: &'static [Field],
}

impl Recorder<'_> {
    pub(super) fn open_tags(&mut self) -> Option<(&'static Field, &'static Words, u32)> {
        let field = self.fields.next();
        if let Some(field) = field
            && let Node::Tags { words, max } = node(field)
        {
            self.out.key(&field.key);
            return Some((field, words, *max));
        }
        self.fail(field, "tags");
        None
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
            && let Schema { node: Node::Group(members), .. } = value()
        {
            return Some((self.open(field, key, members)?, *max));
        }
        self.fail(field, "entries");
        None
    }

    fn open(&mut self, field: &'static Field, item: &'static Field, members: &'static [Field]) -> Option<List> {
        if !self.deeper(field) {
            return None;
        }
        self.out.key(&field.key);
        let rest = core::mem::replace(&mut self.fields, [].iter());
        Some(List { rest, field, start: self.out.len(), item, members })
    }

    /// Moves on to the next item. An absent item is left out, so the one before may have left its place.
    pub(super) fn next_item(&mut self, list: &List) -> bool {
        self.item_ended();
        if self.failure.is_some() || self.out.is_full() {
            return false;
        }
        self.fields = core::slice::from_ref(list.item).iter();
        true
    }

    fn item_ended(&mut self) {
        if let (None, Some(missing)) = (&self.failure, self.fields.as_slice().first()) {
            self.fail(Some(missing), "nothing");
        }
    }

    pub(super) fn next_entry(&mut self, list: &List, key: usize) -> Option<usize> {
        if self.failure.is_some() || self.out.is_full() {
            return None;
        }
        self.out.byte(b',');
        let start = self.out.len();
        self.fields = core::slice::from_ref(list.item).iter();
        self.tag(key);
        if self.failure.is_none() {
            self.fields = list.members.iter();
        }
        Some(start)
    }

    pub(super) fn end_group(&mut self, start: usize) {
        self.item_ended();
        self.out.close(start, b'{', b'}');
    }

    pub(super) fn close_list(&mut self, list: List) {
        self.depth -= 1;
        self.end(list.field, list.rest);
        self.out.close(list.start, b'[', b']');
    }
}
