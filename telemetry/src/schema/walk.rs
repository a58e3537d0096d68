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

mod walker;

use core::fmt;

use telemetry_spec::bucket::labels;

use super::{Absent, Kind, Node, Words};

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
