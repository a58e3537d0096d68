//! A member of a group.

use super::Kind;
use super::kind::Node;
use super::message::Message;
use super::name::{Key, bit, equal, word_hash};
use crate::context::Context;
use crate::snapshot::TelemetrySnapshot;

/// One member of a group: its name on the wire, its kind and its purpose.
#[derive(Clone, Copy)]
pub struct Field {
    pub(crate) key: Key,
    pub(crate) kind: Kind,
    pub(crate) purpose: &'static str,
}

/// What [`Field::context`] is known by. No field can have such a name, and it is not sent.
const CONTEXT: &str = "(context)";

impl Field {
    /// A member called `name`, which matches `[A-Za-z][A-Za-z0-9_.-]{0,63}`.
    ///
    /// # Compile errors
    ///
    /// In a constant, an ill-formed name does not compile.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        let Some(key) = Key::member(name) else {
            panic!("a wire name matches [A-Za-z][A-Za-z0-9_.-]{{0,63}}");
        };
        Self { key, kind, purpose: "" }
    }

    /// The members of `T`, which is a group, in the place of this one.
    #[must_use]
    pub const fn flatten<T: TelemetrySnapshot + ?Sized>() -> Self {
        let members = Self::members::<T>();
        super::check::check_flattened(&members);
        members
    }

    /// The members that the client adds to an event once it knows where it runs. It is the last field of an event that is
    /// written by hand and carries the context; `record` ends with [`absent`](crate::snapshot::Recorder::absent) for it. The derive writes both
    /// for `#[telemetry(context)]`.
    #[must_use]
    pub const fn context() -> Self {
        let mut members = Self::members::<Option<Context>>();
        members.key.name = CONTEXT;
        members
    }

    pub(crate) const fn is_context(&self) -> bool {
        equal(self.key.name, CONTEXT)
    }

    /// The members of `T`. When it has none, the derive says so where the type stands.
    pub(crate) const fn members<T: TelemetrySnapshot + ?Sized>() -> Self {
        let node = match T::SCHEMA.node {
            Node::Group(fields) => Node::Flatten(fields),
            node => node,
        };
        let mut field = Self::nameless(Key::none(), Kind::new(node));
        field.kind.required = T::KIND.required;
        field
    }

    /// What the field is for, in one sentence; it stands in the disclosure.
    #[must_use]
    pub const fn purpose(mut self, purpose: &'static str) -> Self {
        self.purpose = purpose;
        self
    }

    /// The same field, never absent.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.kind = self.kind.always();
        self
    }

    /// Whether the value is a flag, without a look at the types behind it.
    #[inline]
    pub(crate) const fn is_flag(&self) -> bool {
        matches!(self.kind.node, Node::Flag | Node::Presence)
    }

    /// An item of a list.
    pub(crate) const fn item(kind: Kind) -> Self {
        Self::nameless(Key::item(), kind)
    }

    /// A value whose key is written already, or that has none.
    pub(crate) const fn value(kind: Kind) -> Self {
        Self::nameless(Key::none(), kind)
    }

    const fn nameless(key: Key, kind: Kind) -> Self {
        Self { key, kind, purpose: "" }
    }
}

/// One variant of an enum with data.
#[derive(Clone, Copy)]
pub struct Variant {
    pub(crate) word: &'static str,
    pub(crate) shape: Shape,
}

#[derive(Clone, Copy)]
pub(crate) enum Shape {
    Unit,
    Value(Field),
    Group(&'static [Field]),
}

impl Variant {
    /// A variant without data.
    #[must_use]
    pub const fn unit(word: &'static str) -> Self {
        Self::new(word, Shape::Unit)
    }

    /// A variant with one value.
    #[must_use]
    pub const fn value(word: &'static str, kind: Kind) -> Self {
        Self::new(word, Shape::Value(Field::value(kind)))
    }

    /// A variant with named fields.
    #[must_use]
    pub const fn group(word: &'static str, fields: &'static [Field]) -> Self {
        check_names(fields);
        Self::new(word, Shape::Group(fields))
    }

    /// Fails the compilation when a field of the variant has the name of the tag, or none.
    pub(crate) const fn check_tag(&self, tag: &Field) {
        assert!(!matches!(self.shape, Shape::Value(_)), "a variant under a tag has named fields, or none");
        if let Shape::Group(fields) = self.shape {
            let mut at = 0;
            while at < fields.len() {
                assert!(
                    !contains(&fields[at], tag),
                    "a field has the name of the enum's tag: rename one with #[telemetry(rename = \"...\")]"
                );
                at += 1;
            }
        }
    }

    pub(crate) const fn is_required(&self) -> bool {
        match &self.shape {
            Shape::Value(value) => value.kind.required,
            Shape::Unit | Shape::Group(_) => true,
        }
    }

    const fn new(word: &'static str, shape: Shape) -> Self {
        assert!(word_hash(word).is_some(), "a word is 1 to 64 bytes of printable ASCII without quotes or backslashes");
        Self { word, shape }
    }
}

/// Fails the compilation when two members have one name, those of flattened types included.
pub(crate) const fn check_names(fields: &[Field]) {
    let (mut at, mut seen) = (0, 0);
    while at < fields.len() {
        let field = &fields[at];
        let bit = if field.key.hash == 0 { u128::MAX } else { bit(field.key.hash) };
        if seen & bit != 0 {
            assert_unused(fields, at, field);
        }
        seen |= bit;
        at += 1;
    }
}

const fn assert_unused(fields: &[Field], before: usize, field: &Field) {
    if let Node::Flatten(inner) = field.kind.node {
        let mut member = 0;
        while member < inner.len() {
            assert_unused(fields, before, &inner[member]);
            member += 1;
        }
        return;
    }
    let mut at = 0;
    while at < before {
        if contains(&fields[at], field) {
            panic!("{}", Message::alike(field.key.name).as_str());
        }
        at += 1;
    }
}

pub(crate) const fn contains(field: &Field, other: &Field) -> bool {
    if let Node::Flatten(inner) = field.kind.node {
        let mut at = 0;
        while at < inner.len() {
            if contains(&inner[at], other) {
                return true;
            }
            at += 1;
        }
        return false;
    }
    field.key.equals(&other.key)
}
