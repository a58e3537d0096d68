//! The one way through a schema, for everything that is made of it.
//!
//! [`Schema::walk`] tells a [`Visitor`] each place at which something can be sent, in the order of the wire. The JSON Schema, the rows of
//! the page, the bits and the hash are visitors, and a generator of code or of tables can be one, too:
//!
//! ```
//! use telemetry::TelemetrySnapshot;
//! use telemetry::schema::walk::{Container, Place, Step, Value, Visitor};
//!
//! #[derive(TelemetrySnapshot)]
//! struct Pool {
//!     #[telemetry(number(max = 1_000))]
//!     size: u32,
//!     tls: Tls,
//! }
//!
//! #[derive(TelemetrySnapshot)]
//! struct Tls {
//!     required: bool,
//! }
//!
//! #[derive(Default)]
//! struct Columns(Vec<String>);
//!
//! impl Visitor for Columns {
//!     fn value(&mut self, place: &Place<'_>, value: Value) {
//!         self.0.push(format!("{}: {}", place.path(), value.kind()));
//!     }
//! }
//!
//! let mut columns = Columns::default();
//! Pool::SCHEMA.walk(&mut columns);
//! assert_eq!(columns.0, ["size: number", "tls.required: flag"]);
//! ```

use core::fmt;

use telemetry_spec::bucket::labels;

use super::{Absent, Field, Kind, Node, Schema, Shape, Variant, Words};

/// What is told of a schema. Each method has an implementation that does nothing.
pub trait Visitor {
    /// A value that contains nothing further.
    fn value(&mut self, place: &Place<'_>, value: Value) {
        let _ = (place, value);
    }

    /// A value that contains others, which follow; then comes [`leave`](Self::leave). With [`Step::Over`] neither does.
    fn enter(&mut self, place: &Place<'_>, container: Container) -> Step {
        let _ = (place, container);
        Step::Into
    }

    /// The end of a value that contains others.
    fn leave(&mut self, place: &Place<'_>, container: Container) {
        let _ = (place, container);
    }

    /// A value of a type that is being walked through already, and began at `above`. It is not entered again.
    fn recursion(&mut self, place: &Place<'_>, above: &[Part]) {
        let _ = (place, above);
    }
}

/// Whether a container is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What it contains follows.
    Into,
    /// It is passed over.
    Over,
}

/// A value that contains nothing further, with its bounds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Value {
    /// `true` or `false`.
    Flag,
    /// Whether something is set: `true` or `false`.
    Presence,
    /// How many, from 0 to `max`.
    Count {
        /// The largest count.
        max: u32,
    },
    /// An integer.
    Number {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
        /// What it is measured in; empty where that is not stated.
        unit: &'static str,
    },
    /// The range that a number falls into.
    Bucket {
        /// Where one range ends and the next one begins.
        edges: &'static [i64],
        /// What the number is measured in; empty where that is not stated.
        unit: &'static str,
    },
    /// One of the words.
    Tag {
        /// The words.
        words: Words,
    },
    /// A list of words, in any order, and each as often as it comes.
    Tags {
        /// The words.
        words: Words,
        /// The longest list.
        max: u32,
    },
    /// A list of words, each at most once, in the order of the table.
    Set {
        /// The words.
        words: Words,
        /// The longest list.
        max: u32,
    },
    /// A version: one to three numbers, each at most 65535, with dots between them.
    Version,
}

impl Value {
    /// The name of its kind, in lower case.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Presence => "presence",
            Self::Count { .. } => "count",
            Self::Number { .. } => "number",
            Self::Bucket { .. } => "bucket",
            Self::Tag { .. } => "tag",
            Self::Tags { .. } => "tags",
            Self::Set { .. } => "set",
            Self::Version => "version",
        }
    }

    /// The texts that can be sent, in the order of the schema: words, or the labels of ranges. None for anything else.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::Tag { words } | Self::Tags { words, .. } | Self::Set { words, .. } => {
                words.iter().map(str::to_owned).collect()
            }
            Self::Bucket { edges, .. } => labels(edges).map(|label| label.as_str().to_owned()).collect(),
            _ => Vec::new(),
        }
    }
}

/// A value that contains others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Container {
    /// An object.
    Group,
    /// Members in the place of this one, which are there together or left out together. Flattened members that are never absent
    /// are told as members of the group around them.
    Flatten,
    /// A list. What follows is one item.
    List {
        /// The longest list.
        max: u32,
    },
    /// An enum with data. What follows are its variants, one [`Variant`](Self::Variant) each.
    Variants {
        /// The member that names the variant, if there is one. It is told as the first member of each variant.
        tag: Option<&'static str>,
    },
    /// A variant of an enum with data.
    Variant {
        /// Its word.
        word: &'static str,
        /// What is sent of it.
        form: Form,
    },
}

/// What is sent of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Its word, and nothing follows.
    Word,
    /// A value, which follows.
    Value,
    /// An object, whose members follow.
    Object,
}

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Into the member of this name.
    Member(&'static str),
    /// Into each item of a list.
    Item,
    /// Into the variant of this word.
    Variant(&'static str),
}

/// A place at which something can be sent.
pub struct Place<'w> {
    parts: &'w [Part],
    name: &'static str,
    purpose: &'static str,
    node: Node,
    is_required: bool,
}

impl Place<'_> {
    /// The name of the member; empty for an item of a list, the value of a variant, and the whole.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it is sent for; empty where that is not stated.
    #[must_use]
    pub const fn purpose(&self) -> &'static str {
        self.purpose
    }

    /// Whether it is never absent, provided that what contains it is there. An item of a list that is absent is left out of the list.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.is_required
    }

    /// The path from the whole to here.
    #[must_use]
    pub const fn parts(&self) -> &[Part] {
        self.parts
    }

    /// The path as text: names joined by dots, `[]` for an item of a list, and the word of a variant in angle brackets.
    #[must_use]
    pub fn path(&self) -> Path<'_> {
        Path(self.parts)
    }

    /// Walks through what is at this place, and through nothing else.
    pub fn walk(&self, visitor: &mut dyn Visitor) {
        let mut walk = Walk { visitor, parts: self.parts.to_vec(), above: Vec::new() };
        walk.node(&self.node, &Label { name: self.name, purpose: self.purpose, is_required: self.is_required });
    }

    /// Whether it is an object without members.
    pub(crate) const fn is_empty(&self) -> bool {
        matches!(self.node, Node::Group(members) if members.is_empty())
    }

    pub(super) const fn kind(&self) -> Kind {
        let absent = if self.is_required { Absent::Never } else { Absent::Possible };
        Kind { node: self.node, absent }
    }
}

/// A path as text; see [`Place::path`].
#[derive(Clone, Copy, Debug)]
pub struct Path<'w>(&'w [Part]);

impl<'w> Path<'w> {
    /// The path of these parts.
    #[must_use]
    pub const fn of(parts: &'w [Part]) -> Self {
        Self(parts)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.0.iter().enumerate() {
            match part {
                Part::Member(name) if at == 0 => f.write_str(name)?,
                Part::Member(name) => write!(f, ".{name}")?,
                Part::Item => f.write_str("[]")?,
                Part::Variant(word) => write!(f, "<{word}>")?,
            }
        }
        Ok(())
    }
}

impl Schema {
    /// Tells a visitor everything that can be sent, in the order of the wire.
    pub fn walk(&self, visitor: &mut dyn Visitor) {
        let mut walk = Walk { visitor, parts: Vec::new(), above: Vec::new() };
        walk.node(&self.node, &Label { name: "", purpose: "", is_required: self.is_required() });
    }
}

/// What is known of a place beside its path and its node.
struct Label {
    name: &'static str,
    purpose: &'static str,
    is_required: bool,
}

struct Walk<'v> {
    visitor: &'v mut dyn Visitor,
    parts: Vec<Part>,
    /// The nested types that are being walked through, and the lengths of their paths.
    above: Vec<(Identity, usize)>,
}

/// A nested type, and the key that it stands behind as an entry of a map.
type Identity = (*const Schema, *const Field);

impl Walk<'_> {
    fn members(&mut self, members: &'static [Field]) {
        for member in members {
            match member.inlined() {
                Some(inlined) if member.kind.is_required() => self.members(inlined),
                Some(inlined) => {
                    let label = Label { name: "", purpose: member.purpose, is_required: false };
                    self.inside(&member.kind.node, &label, Container::Flatten, |walk| walk.members(inlined));
                }
                None => {
                    let label = Label::of(member);
                    self.at(Part::Member(member.key.name), |walk| walk.node(&member.kind.node, &label));
                }
            }
        }
    }

    fn node(&mut self, node: &Node, label: &Label) {
        if let Some(value) = Value::of(node) {
            return self.visitor.value(&place(&self.parts, node, label), value);
        }
        match *node {
            Node::Nested(schema) => self.nested(schema(), label),
            Node::Group(members) | Node::Flatten(members) | Node::Added(members) => {
                self.inside(node, label, Container::Group, |walk| walk.members(members));
            }
            Node::List { item, max } => {
                self.list(node, label, max, |walk| walk.node(&item().kind.node, &Label::of_part()));
            }
            Node::Entries { key, value, max } => self.list(node, label, max, |walk| walk.entry(key, value())),
            Node::Variants { tag, variants } => {
                let container = Container::Variants { tag: tag.map(|tag| tag.key.name) };
                self.inside(node, label, container, |walk| {
                    for variant in variants {
                        walk.variant(node, tag, variant);
                    }
                });
            }
            // All others are values.
            _ => {}
        }
    }

    fn nested(&mut self, schema: &'static Schema, label: &Label) {
        let identity = (core::ptr::from_ref(schema), core::ptr::null());
        self.once(identity, &schema.node, label, |walk| walk.node(&schema.node, label));
    }

    /// Walks through a type unless that is being done already.
    fn once(&mut self, identity: Identity, node: &Node, label: &Label, walk: impl FnOnce(&mut Self)) {
        if let Some((_, length)) = self.above.iter().find(|(above, _)| *above == identity) {
            let above = self.parts.get(..*length).unwrap_or_default();
            return self.visitor.recursion(&place(&self.parts, node, label), above);
        }
        self.above.push((identity, self.parts.len()));
        walk(self);
        self.above.pop();
    }

    fn list(&mut self, node: &Node, label: &Label, max: u32, item: impl FnOnce(&mut Self)) {
        self.inside(node, label, Container::List { max }, |walk| walk.at(Part::Item, item));
    }

    /// An entry of a map: an object with the key as its first member.
    fn entry(&mut self, key: &'static Field, value: &'static Schema) {
        let Node::Group(members) = value.node else { return };
        let label = Label::of_part();
        self.once((value, key), &value.node, &label, |walk| {
            walk.inside(&value.node, &label, Container::Group, |walk| {
                walk.members(core::slice::from_ref(key));
                walk.members(members);
            });
        });
    }

    fn variant(&mut self, node: &Node, tag: Option<&'static Field>, variant: &'static Variant) {
        let form = match (&variant.shape, tag) {
            (Shape::Unit, None) => Form::Word,
            (Shape::Value(_), None) => Form::Value,
            _ => Form::Object,
        };
        self.at(Part::Variant(variant.word), |walk| {
            walk.inside(node, &Label::of_part(), Container::Variant { word: variant.word, form }, |walk| {
                walk.members(tag.map(core::slice::from_ref).unwrap_or_default());
                match variant.shape {
                    Shape::Unit => {}
                    Shape::Value(ref value) => {
                        walk.node(&value.kind.node, &Label { is_required: true, ..Label::of(value) });
                    }
                    Shape::Group(members) => walk.members(members),
                }
            });
        });
    }

    fn inside(&mut self, node: &Node, label: &Label, container: Container, walk: impl FnOnce(&mut Self)) {
        if self.visitor.enter(&place(&self.parts, node, label), container) == Step::Into {
            walk(self);
            self.visitor.leave(&place(&self.parts, node, label), container);
        }
    }

    fn at(&mut self, part: Part, walk: impl FnOnce(&mut Self)) {
        self.parts.push(part);
        walk(self);
        self.parts.pop();
    }
}

const fn place<'w>(parts: &'w [Part], node: &Node, label: &Label) -> Place<'w> {
    Place { parts, name: label.name, purpose: label.purpose, node: *node, is_required: label.is_required }
}

impl Label {
    fn of(field: &Field) -> Self {
        Self { name: field.key.name, purpose: field.purpose, is_required: field.kind.is_required() }
    }

    /// An item or a variant, which has no name.
    const fn of_part() -> Self {
        Self { name: "", purpose: "", is_required: true }
    }
}

impl Value {
    const fn of(node: &Node) -> Option<Self> {
        Some(match *node {
            Node::Flag => Self::Flag,
            Node::Presence => Self::Presence,
            Node::Count { max } => Self::Count { max },
            Node::Number { min, max, unit } => Self::Number { min, max, unit },
            Node::Bucket { edges, unit, .. } => Self::Bucket { edges, unit },
            Node::Tag(words) => Self::Tag { words },
            Node::Tags { words, max, is_set: false } => Self::Tags { words, max },
            Node::Tags { words, max, is_set: true } => Self::Set { words, max },
            Node::Version => Self::Version,
            _ => return None,
        })
    }
}
