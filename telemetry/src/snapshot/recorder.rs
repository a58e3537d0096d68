//! The recorder: a cursor over the schema declared by the parent, and the bytes written so far.

mod lists;
mod nested;
mod set;
mod sorted;
mod values;

use telemetry_spec::limit;

use super::TelemetrySnapshot;
use super::buffer::Buffer;
use super::error::Failure;
use crate::schema::{Absent, Field, Kind, Node, Words, checked};

/// Takes one value for each field of a schema, in the order of the fields.
///
/// An implementation of [`TelemetrySnapshot`] calls one method for each field. No
/// method takes text: names and words come from the schema, which is a constant.
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
    /// The number of values around the cursor, or `INVALID`.
    depth: u8,
    failure: Option<Box<Failure>>,
}

/// Reported for a call that ended in a panic which was then caught: the values around it are unreliable.
const LEFT_MIDWAY: &str = "a call that was left before its end";

/// The depth after a failure: no nested value was entered at it, so leaving one needs no other check for a failure.
const INVALID: u8 = u8::MAX;

const OUTSIDE_OF_THE_WORDS: &str = "an index outside of the words";

/// The kind of `field`. If its type stands for a single value, the kind of that value.
#[inline]
fn node(field: &'static Field) -> &'static Node {
    match &field.kind.node {
        Node::Nested(schema) => match &schema().node {
            node @ Node::Nested(_) => behind(node),
            node => node,
        },
        node => node,
    }
}

/// The kind behind types that stand for one another.
#[cold]
#[inline(never)]
fn behind(mut node: &'static Node) -> &'static Node {
    // A type that stands for itself alone has no other kind.
    for _ in 0..limit::DEPTH {
        let Node::Nested(schema) = node else { break };
        node = &schema().node;
    }
    node
}

impl<'a> Recorder<'a> {
    /// A recorder for the single value that `root` describes.
    pub(super) fn new(root: &'static [Field; 1], out: &'a mut Buffer) -> Self {
        Self { fields: root.iter(), out, depth: 0, failure: None }
    }

    pub(super) fn finish(mut self) -> Result<(), Box<Failure>> {
        if self.failure.is_none() {
            if self.depth > 0 {
                self.fail(None, LEFT_MIDWAY);
            } else if self.out.is_full() {
                self.failure = Some(Box::new(Failure::too_large()));
            } else if let Some(field) = self.fields.next() {
                self.fail(Some(field), "nothing");
            }
        }
        self.failure.map_or(Ok(()), Err)
    }

    /// Records the words at these indices of the field's table; words beyond its maximum are left out. In a
    /// [set](Kind::tag_set), each word is sent once, in the order of the table; 4096 indices are looked at, or the maximum if that is more.
    pub fn tags(&mut self, indices: impl IntoIterator<Item = usize>) {
        let Some(mut tags) = self.open_tags() else { return };
        for index in indices {
            if !self.next_tag(&mut tags, index) {
                break;
            }
        }
        self.close_tags(tags);
    }

    /// The words of the next field; `None` if it has none, which the next call reports.
    #[inline]
    pub(crate) fn words(&self) -> Option<&'static Words> {
        match node(self.fields.as_slice().first()?) {
            Node::Tag(words) | Node::Tags { words, .. } => Some(words),
            Node::Entries { key: Field { kind: Kind { node: Node::Tag(words), .. }, .. }, .. } => Some(words),
            _ => None,
        }
    }

    /// Records a nested value, checked against the schema that this field declares.
    // Where many groups or lists are inlined into the group around them, the optimizer takes time that grows with the square of their
    // number.
    #[inline(never)]
    pub fn group<T: TelemetrySnapshot + ?Sized>(&mut self, value: &T) {
        // A type that stands for another one records a value of that one, which enters its group by itself.
        let entered =
            if const { matches!(T::SCHEMA.node, Node::Nested(_)) } { self.enter_same() } else { self.enter() };
        // Read in place: copying data that was just written would wait for the write.
        if let Some(frame) = &entered {
            value.record(self);
            self.leave(frame);
        }
    }

    /// Records a list of nested values; items beyond the field's maximum are left out.
    #[inline(never)]
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

    /// Records the values of a map, each after the index of its key's word; values beyond the field's maximum are left out. The members
    /// of a group are written beside the key.
    pub fn entries<'t, T: TelemetrySnapshot + ?Sized + 't>(
        &mut self,
        entries: impl IntoIterator<Item = (usize, &'t T)>,
    ) {
        self.map(entries, |key, recorder| recorder.tag(key), |value, recorder| recorder.beside(value));
    }

    /// Like `entries`, with a function that records a key and one that records a value.
    pub(crate) fn map<K, V>(
        &mut self,
        entries: impl IntoIterator<Item = (K, V)>,
        record_key: impl Fn(K, &mut Self),
        record_value: impl Fn(V, &mut Self),
    ) {
        let Some((list, max)) = self.open_entries() else { return };
        for (key, value) in entries.into_iter().take(max as usize) {
            let Some(start) = self.next_entry(&list) else { break };
            record_key(key, self);
            self.next_value(&list);
            record_value(value, self);
            if !self.end_entry(&list, start) {
                break;
            }
        }
        self.close_list(list);
    }

    /// Records a value whose members, if it is a group, are the last ones of the object around it.
    #[inline]
    pub(crate) fn beside<T: TelemetrySnapshot + ?Sized>(&mut self, value: &T) {
        match self.fields.as_slice() {
            [Field { kind: Kind { node: Node::Flatten(members), absent: Absent::Never }, .. }] => {
                self.fields = members.iter();
                value.record(self);
            }
            _ => value.record_nested(self),
        }
    }

    /// Records the variant at `index` of an enum with data; `fields` records its contents.
    pub fn variant(&mut self, index: usize, fields: impl FnOnce(&mut Self)) {
        if let Some(frame) = &self.enter_variant(index) {
            fields(self);
            self.leave(frame);
        }
    }

    /// Records what a variant contains, as an object of its own.
    #[doc(hidden)]
    pub fn object(&mut self, members: impl FnOnce(&mut Self)) {
        if let Some(frame) = &self.enter() {
            members(self);
            self.leave(frame);
        }
    }

    /// Records an absent value: the field is left out.
    pub fn absent(&mut self) {
        if let Some(field) = self.fields.as_slice().first()
            && field.kind.is_optional()
        {
            self.fields.next();
        } else {
            self.any_absent();
        }
    }

    #[cold]
    #[inline(never)]
    fn any_absent(&mut self) {
        match self.fields.next() {
            Some(field) if field.is_added() || !field.kind.is_required() => {}
            field => self.fail(field, "absent"),
        }
    }

    /// The first mismatch makes the snapshot invalid; nothing is written after it.
    #[cold]
    #[inline(never)]
    fn fail(&mut self, field: Option<&'static Field>, actual: &'static str) {
        if self.failure.is_none() {
            self.failure = Some(Box::new(Failure::new(field, actual)));
        }
        self.fields = [].iter();
        self.depth = INVALID;
    }
}

/// The root of a snapshot of `T`, as a field without a key.
pub(super) fn root<T: TelemetrySnapshot + ?Sized>() -> &'static [Field; 1] {
    const {
        checked::<T>();
        &[Field::value(Kind::whole::<T>())]
    }
}

#[cfg(test)]
mod tests;
