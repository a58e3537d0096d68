//! The traversal of a schema that every schema consumer uses.
//!
//! [`Schema::walk`](super::Schema::walk) reports to a [`Visitor`] each place where a value can be sent, in wire order. The JSON Schema, the rows of
//! the page, the bits and the hash are visitors. A generator of code or of tables can be one, too:
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

mod walker;

use core::fmt;

use telemetry_spec::bucket::labels;

use super::{Absent, Kind, Node, Words};

/// Callbacks for the parts of a schema. The default implementation of each method does nothing.
pub trait Visitor {
    /// A value without nested values.
    fn value(&mut self, place: &Place<'_>, value: Value) {
        let _ = (place, value);
    }

    /// A value with nested values, which follow; then [`leave`](Self::leave) is called. With [`Step::Over`], both are omitted.
    fn enter(&mut self, place: &Place<'_>, container: Container) -> Step {
        let _ = (place, container);
        Step::Into
    }

    /// The end of a value with nested values.
    fn leave(&mut self, place: &Place<'_>, container: Container) {
        let _ = (place, container);
    }

    /// A value of a type that is already being walked and began at `above`. It is not entered again.
    fn recursion(&mut self, place: &Place<'_>, above: &[Part]) {
        let _ = (place, above);
    }
}

/// Whether a container is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Visit the contents.
    Into,
    /// Skip the contents.
    Over,
}

/// A value without nested values, with its bounds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Value {
    /// `true` or `false`.
    Flag,
    /// Whether something is set: `true` or `false`.
    Presence,
    /// Whether a value differs from its default: `true` or `false`.
    Changed,
    /// A count from 0 to `max`.
    Count {
        /// The largest count.
        max: u32,
    },
    /// An integer.
    Number {
        /// The smallest value.
        min: i64,
        /// The largest value.
        max: i64,
        /// The unit of measurement; empty if not stated.
        unit: &'static str,
        /// How many leading digits are sent, the others being zero; 0 if all are.
        digits: u8,
    },
    /// The range that contains a number.
    Bucket {
        /// The edges: one range ends and the next begins at each.
        edges: &'static [i64],
        /// The unit of measurement of the number; empty if not stated.
        unit: &'static str,
    },
    /// One of the words.
    Tag {
        /// The words.
        words: Words,
    },
    /// A list of words, in any order and with repetitions.
    Tags {
        /// The words.
        words: Words,
        /// The maximum length of the list.
        max: u32,
    },
    /// A list of words, each at most once, in the order of the table.
    Set {
        /// The words.
        words: Words,
        /// The maximum length of the list.
        max: u32,
    },
    /// A version: one to three numbers, each at most 65535, separated by dots.
    Version,
}

impl Value {
    /// The name of its kind, in lower case.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Presence => "presence",
            Self::Changed => "changed",
            Self::Count { .. } => "count",
            Self::Number { .. } => "number",
            Self::Bucket { .. } => "bucket",
            Self::Tag { .. } => "tag",
            Self::Tags { .. } => "tags",
            Self::Set { .. } => "set",
            Self::Version => "version",
        }
    }

    /// The texts that can be sent, in schema order: words, or the labels of ranges. Empty for any other kind.
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

/// A value with nested values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Container {
    /// An object.
    Group,
    /// Members in place of this one, which are all present or all absent. Flattened members that are never absent
    /// are reported as members of the enclosing group.
    Flatten,
    /// A list. Its item follows, once.
    List {
        /// The maximum length of the list.
        max: u32,
    },
    /// An enum with data. Its variants follow, each as a [`Variant`](Self::Variant).
    Variants {
        /// The member that names the variant, if there is one. It is reported as the first member of each variant.
        tag: Option<&'static str>,
    },
    /// A variant of an enum with data.
    Variant {
        /// Its word.
        word: &'static str,
        /// The form in which it is sent.
        form: Form,
    },
}

/// The form in which a variant is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Its word; nothing follows.
    Word,
    /// A value, which follows.
    Value,
    /// An object, whose members follow.
    Object,
}

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Into the member with this name.
    Member(&'static str),
    /// Into each item of a list.
    Item,
    /// Into the variant with this word.
    Variant(&'static str),
}

/// A place where a value can be sent.
pub struct Place<'w> {
    parts: &'w [Part],
    name: &'static str,
    purpose: &'static str,
    node: Node,
    is_required: bool,
}

impl Place<'_> {
    /// The name of the member; empty for a list item, the value of a variant, and the root.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The purpose of the value; empty if not stated.
    #[must_use]
    pub const fn purpose(&self) -> &'static str {
        self.purpose
    }

    /// Whether the value is never absent when its container is present. An absent list item is left out of the list.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.is_required
    }

    /// The path from the root to this place.
    #[must_use]
    pub const fn parts(&self) -> &[Part] {
        self.parts
    }

    /// The path as text: names joined by dots, `[]` for a list item, and the word of a variant in angle brackets.
    #[must_use]
    pub fn path(&self) -> Path<'_> {
        Path(self.parts)
    }

    /// Walks only the part of the schema at this place.
    pub fn walk(&self, visitor: &mut dyn Visitor) {
        walker::from(self, visitor);
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
    /// The path with these parts.
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
