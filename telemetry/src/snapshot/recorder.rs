//! The recorder: a cursor over the schema that the parent declared, and the bytes written so far.

use super::buffer::Buffer;
use super::error::Failure;
use super::{MAX_DEPTH, TelemetrySnapshot, Version};
use crate::schema::{Field, Key, Kind, Node, Schema, Shape, Words};

/// Takes one value for each field of a schema, in the order of the fields.
///
/// An implementation of [`TelemetrySnapshot`] calls one method a field. No
/// method takes text: names and words come out of the schema, a constant.
/// A call that does not fit the schema makes the snapshot invalid; it never
/// panics and never writes malformed JSON.
///
/// ```
/// use telemetry::schema::{Field, Kind, Schema};
/// use telemetry::snapshot::{Recorder, Snapshot};
/// use telemetry::TelemetrySnapshot;
///
/// struct Pool {
///     url: String,
///     size: u32,
/// }
///
/// impl TelemetrySnapshot for Pool {
///     const SCHEMA: Schema = Schema::group(&[
///         Field::new("url", Kind::presence()).required(),
///         Field::new("size", Kind::number(0, 1_000)).required(),
///     ]);
///
///     fn record(&self, recorder: &mut Recorder<'_>) {
///         recorder.flag(!self.url.is_empty());
///         recorder.number(self.size.into());
///     }
/// }
///
/// let pool = Pool { url: "postgres://me:secret@db".into(), size: 10 };
/// assert_eq!(Snapshot::of(&pool)?.as_json(), r#"{"url":true,"size":10}"#);
/// # Ok::<(), telemetry::snapshot::RecordError>(())
/// ```
pub struct Recorder<'a> {
    fields: core::slice::Iter<'static, Field>,
    out: &'a mut Buffer,
    depth: u8,
    failure: Option<Box<Failure>>,
}

/// The kind of `field`, read through a type that stands for a single value.
#[inline]
fn node(field: &'static Field) -> &'static Node {
    match &field.kind.node {
        Node::Nested(schema) => &schema().node,
        node => node,
    }
}

fn saturated(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

impl<'a> Recorder<'a> {
    /// A recorder for the one value that `root` describes.
    pub(super) fn new(root: &'static [Field; 1], out: &'a mut Buffer) -> Self {
        Self { fields: root.iter(), out, depth: 0, failure: None }
    }

    pub(super) fn finish(mut self) -> Result<(), Box<Failure>> {
        if self.failure.is_none() {
            if self.out.is_full() {
                self.failure = Some(Box::new(Failure::too_large()));
            } else if let Some(field) = self.fields.next() {
                self.fail(Some(field), "nothing");
            }
        }
        self.failure.map_or(Ok(()), Err)
    }

    /// A flag, or whether something is present.
    pub fn flag(&mut self, value: bool) {
        let (text, len) = if value { (*b"true\0\0\0\0", 4) } else { (*b"false\0\0\0", 5) };
        // Most values are flags, and nearly all of them take this way, which calls nothing.
        if let Some(field) = self.fields.as_slice().first()
            && field.is_flag()
            && self.out.short(&field.key, text, len)
        {
            self.fields.next();
        } else {
            self.any_flag(text, len);
        }
    }

    #[cold]
    #[inline(never)]
    fn any_flag(&mut self, text: [u8; 8], len: usize) {
        match self.fields.next() {
            Some(field) if matches!(node(field), Node::Flag | Node::Presence) => self.out.fixed(&field.key, text, len),
            field => self.fail(field, "flag"),
        }
    }

    /// How many; more than the field's maximum is sent as the maximum.
    pub fn count(&mut self, value: usize) {
        match self.fields.next() {
            Some(field) => match node(field) {
                Node::Count { max } => {
                    let value = u32::try_from(value).map_or(*max, |value| value.min(*max));
                    self.out.integer(&field.key, value.into());
                }
                _ => self.fail(Some(field), "count"),
            },
            None => self.fail(None, "count"),
        }
    }

    /// A number; what lies outside of the field's bounds is sent as the nearer bound.
    pub fn number(&mut self, value: i128) {
        self.integer(saturated(value));
    }

    /// As `number`. Bounds are within ±(2^53 - 1), so beyond `i64` lies nothing that they could tell apart.
    pub(crate) fn integer(&mut self, value: i64) {
        match self.fields.next() {
            Some(field) => match node(field) {
                Node::Number { min, max, .. } => self.out.integer(&field.key, value.clamp(*min, *max)),
                _ => self.fail(Some(field), "number"),
            },
            None => self.fail(None, "number"),
        }
    }

    /// A number of which only the range is sent.
    pub fn bucket(&mut self, value: i128) {
        self.range(saturated(value));
    }

    /// As `bucket`.
    pub(crate) fn range(&mut self, value: i64) {
        match self.fields.next() {
            Some(field) => match node(field) {
                Node::Bucket { edges, labels, .. } => {
                    let at = edges.iter().take_while(|edge| **edge <= value).count();
                    match labels.get(at) {
                        Some(label) => self.out.word(&field.key, label),
                        None => self.label(&field.key, edges, at),
                    }
                }
                _ => self.fail(Some(field), "bucket"),
            },
            None => self.fail(None, "bucket"),
        }
    }

    /// The word at `index` of the field's table.
    pub fn tag(&mut self, index: usize) {
        match self.fields.next() {
            Some(field) => match node(field) {
                Node::Tag(words) => match words.get(index) {
                    Some(word) => self.out.word(&field.key, word),
                    None => self.fail(Some(field), "an index outside of the words"),
                },
                _ => self.fail(Some(field), "tag"),
            },
            None => self.fail(None, "tag"),
        }
    }

    /// The words at these indices of the field's table; those beyond its maximum are left out.
    pub fn tags(&mut self, indices: impl IntoIterator<Item = usize>) {
        let Some((field, words, max)) = self.open_tags() else { return };
        let start = self.out.len();
        for index in indices.into_iter().take(max as usize) {
            match words.get(index) {
                Some(word) => self.out.word(const { &Key::item() }, word),
                None => return self.fail(Some(field), "an index outside of the words"),
            }
            if self.out.is_full() {
                break;
            }
        }
        self.out.close(start, b'[', b']');
    }

    /// A version; see [`Version`] for what it may be.
    pub fn version(&mut self, version: Version) {
        match self.fields.next() {
            Some(field) if matches!(node(field), Node::Version) => {
                self.out.key(&field.key);
                for (at, part) in version.parts().iter().enumerate() {
                    self.out.byte_within_room(if at == 0 { b'"' } else { b'.' });
                    self.out.digits((*part).into());
                }
                self.out.byte_within_room(b'"');
            }
            field => self.fail(field, "version"),
        }
    }

    /// The words of the next field; none when it has none, which the call that follows reports.
    #[inline]
    pub(crate) fn words(&self) -> Option<&'static Words> {
        match node(self.fields.as_slice().first()?) {
            Node::Tag(words) | Node::Tags { words, .. } => Some(words),
            Node::Entries { key: Field { kind: Kind { node: Node::Tag(words), .. }, .. }, .. } => Some(words),
            _ => None,
        }
    }

    /// What a nested value sends, checked against the schema that this field declares.
    pub fn group<T: TelemetrySnapshot + ?Sized>(&mut self, value: &T) {
        // Looked at where it is: copying what has just been written elsewhere would wait for it.
        if let Some(frame) = &self.enter() {
            value.record(self);
            self.leave(frame);
        }
    }

    /// What each item sends; those beyond the field's maximum are left out.
    pub fn list<'t, T: TelemetrySnapshot + ?Sized + 't>(&mut self, items: impl IntoIterator<Item = &'t T>) {
        let Some((list, max)) = self.open_list() else { return };
        for value in items.into_iter().take(max as usize) {
            if !self.next_item(&list) {
                break;
            }
            value.record_nested(self);
        }
        self.close_list(list);
    }

    /// What each value of a map sends, after the index of its key's word; those beyond the field's maximum are left out.
    pub fn entries<'t, T: TelemetrySnapshot + ?Sized + 't>(
        &mut self,
        entries: impl IntoIterator<Item = (usize, &'t T)>,
    ) {
        let Some((list, max)) = self.open_entries() else { return };
        for (key, value) in entries.into_iter().take(max as usize) {
            let Some(start) = self.next_entry(&list, key) else { break };
            value.record(self);
            self.end_group(start);
            if self.failure.is_some() {
                break;
            }
        }
        self.close_list(list);
    }

    /// The variant at `index` of an enum with data; `fields` records what it holds.
    pub fn variant(&mut self, index: usize, fields: impl FnOnce(&mut Self)) {
        if let Some(frame) = &self.enter_variant(index) {
            fields(self);
            self.leave(frame);
        }
    }

    /// Nothing: the field is left out.
    pub fn absent(&mut self) {
        match self.fields.next() {
            Some(field) if !field.kind.required => {}
            field => self.fail(field, "absent"),
        }
    }

    fn label(&mut self, key: &Key, edges: &[i64], at: usize) {
        self.out.key(key);
        self.out.byte_within_room(b'"');
        match (at.checked_sub(1).and_then(|below| edges.get(below)), edges.get(at)) {
            (None, Some(first)) => {
                self.out.byte_within_room(b'<');
                self.out.digits(*first);
            }
            (Some(from), Some(next)) => {
                self.out.digits(*from);
                if next - from > 1 {
                    self.out.byte_within_room(b'-');
                    self.out.digits(next - 1);
                }
            }
            (from, None) => {
                self.out.digits(from.copied().unwrap_or_default());
                self.out.byte_within_room(b'+');
            }
        }
        self.out.byte_within_room(b'"');
    }

    /// The first mismatch makes the snapshot invalid; from there on nothing is written.
    #[cold]
    #[inline(never)]
    fn fail(&mut self, field: Option<&'static Field>, actual: &'static str) {
        if self.failure.is_none() {
            self.failure = Some(Box::new(Failure::new(field, actual)));
        }
        self.fields = [].iter();
    }
}

/// Where the cursor was before it went into a nested value.
struct Frame {
    rest: &'static [Field],
    field: &'static Field,
    start: usize,
    shape: Opened,
}

#[derive(Clone, Copy, PartialEq)]
enum Opened {
    Group,
    /// A single value under the key of the field, which is not written yet, or the members of a flattened group.
    Same,
    /// A single value whose key is written.
    Value {
        before_key: usize,
    },
    /// A word, written already.
    Word,
}

impl Recorder<'_> {
    fn deeper(&mut self, field: &'static Field) -> bool {
        if self.depth >= MAX_DEPTH {
            self.fail(Some(field), "a nesting of more than 16 groups");
            return false;
        }
        self.depth += 1;
        true
    }

    /// Goes into a nested value. Nearly all are groups, and those take the way that calls nothing but what gives their schema.
    fn enter(&mut self) -> Option<Frame> {
        if let [field, rest @ ..] = self.fields.as_slice()
            && self.depth < MAX_DEPTH
            && let Node::Nested(schema) = &field.kind.node
            && let Node::Group(fields) = &schema().node
            && self.out.short(&field.key, [0; 8], 0)
        {
            self.depth += 1;
            self.fields = fields.iter();
            return Some(Frame { rest, field, start: self.out.len(), shape: Opened::Group });
        }
        self.enter_any()
    }

    #[cold]
    #[inline(never)]
    fn enter_any(&mut self) -> Option<Frame> {
        let before = self.fields.clone();
        let Some(field) = self.fields.next() else {
            self.fail(None, "group");
            return None;
        };
        if !self.deeper(field) {
            return None;
        }
        let rest = self.fields.as_slice();
        let shape = match node(field) {
            Node::Group(fields) => {
                self.out.key(&field.key);
                self.fields = fields.iter();
                Opened::Group
            }
            Node::Flatten(fields) => {
                self.fields = fields.iter();
                Opened::Same
            }
            _ => {
                let one = before.as_slice().get(..1).unwrap_or_default();
                self.fields = one.iter();
                Opened::Same
            }
        };
        Some(Frame { rest, field, start: self.out.len(), shape })
    }

    fn leave(&mut self, frame: &Frame) {
        if frame.shape == Opened::Group
            && self.failure.is_none()
            && self.fields.as_slice().is_empty()
            && self.out.close_object(frame.start)
        {
            self.depth -= 1;
            self.fields = frame.rest.iter();
        } else {
            self.leave_any(frame);
        }
    }

    #[cold]
    #[inline(never)]
    fn leave_any(&mut self, frame: &Frame) {
        self.depth -= 1;
        self.end(frame.field, frame.rest.iter());
        match frame.shape {
            Opened::Group => self.out.close(frame.start, b'{', b'}'),
            Opened::Value { before_key } if self.out.len() == frame.start => self.out.rewind(before_key),
            Opened::Same | Opened::Value { .. } | Opened::Word => {}
        }
    }

    /// Ends a nested value: all of its fields were recorded, or the failure learns where it happened.
    fn end(&mut self, field: &'static Field, rest: core::slice::Iter<'static, Field>) {
        if let (None, Some(missing)) = (&self.failure, self.fields.as_slice().first()) {
            self.fail(Some(missing), "nothing");
        }
        match &mut self.failure {
            Some(failure) => failure.inside(field),
            None => self.fields = rest,
        }
    }

    fn enter_variant(&mut self, index: usize) -> Option<Frame> {
        let Some(field) = self.fields.next() else {
            self.fail(None, "variant");
            return None;
        };
        let Node::Variants { tag, variants } = node(field) else {
            self.fail(Some(field), "variant");
            return None;
        };
        let Some(variant) = variants.get(index) else {
            self.fail(Some(field), "an index outside of the variants");
            return None;
        };
        if !self.deeper(field) {
            return None;
        }
        let rest = self.fields.as_slice();
        let before_key = self.out.len();
        if let Some(tag) = tag {
            self.out.key(&field.key);
            let start = self.out.len();
            self.out.word(&tag.key, variant.word);
            self.fields = match &variant.shape {
                Shape::Unit => [].iter(),
                Shape::Value(value) => core::slice::from_ref(value).iter(),
                Shape::Group(fields) => fields.iter(),
            };
            return Some(Frame { rest, field, start, shape: Opened::Group });
        }
        let shape = match &variant.shape {
            Shape::Unit => {
                self.out.word(&field.key, variant.word);
                self.fields = [].iter();
                Opened::Word
            }
            Shape::Value(value) => {
                self.out.key(&field.key);
                self.fields = core::slice::from_ref(value).iter();
                Opened::Value { before_key }
            }
            Shape::Group(fields) => {
                self.out.key(&field.key);
                self.fields = fields.iter();
                Opened::Group
            }
        };
        Some(Frame { rest, field, start: self.out.len(), shape })
    }
}

/// A list that is being written.
struct List {
    rest: core::slice::Iter<'static, Field>,
    field: &'static Field,
    start: usize,
    item: &'static Field,
    members: &'static [Field],
}

impl Recorder<'_> {
    fn open_tags(&mut self) -> Option<(&'static Field, &'static Words, u32)> {
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

    fn open_list(&mut self) -> Option<(List, u32)> {
        let field = self.fields.next();
        if let Some(field) = field
            && let Node::List { item, max } = node(field)
        {
            return Some((self.open(field, item(), &[])?, *max));
        }
        self.fail(field, "list");
        None
    }

    fn open_entries(&mut self) -> Option<(List, u32)> {
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
    fn next_item(&mut self, list: &List) -> bool {
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

    fn next_entry(&mut self, list: &List, key: usize) -> Option<usize> {
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

    fn end_group(&mut self, start: usize) {
        self.item_ended();
        self.out.close(start, b'{', b'}');
    }

    fn close_list(&mut self, list: List) {
        self.depth -= 1;
        self.end(list.field, list.rest);
        self.out.close(list.start, b'[', b']');
    }
}

/// The root of a snapshot of `T`, as a field without a key.
pub(super) fn root<T: TelemetrySnapshot + ?Sized>() -> &'static [Field; 1] {
    const { &[Field::value(T::KIND)] }
}
