//! The traversal of a schema that every schema consumer uses.
//!
//! [`Schema::walk`](super::Schema::walk) reports to a [`Visitor`] each place where a value can be sent, in wire order.
//! [`Released::walk`](super::Released::walk) does the same for a schema that was read from a file. The JSON Schema, the rows of the page,
//! the bits and the hash are visitors. A generator of code or of tables can be one, too:
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
//! impl Visitor<'_> for Columns {
//!     fn value(&mut self, place: &Place<'_, '_>, value: Value<'_>) {
//!         self.0.push(format!("{}: {}", place.path(), value.kind()));
//!     }
//! }
//!
//! let mut columns = Columns::default();
//! Pool::SCHEMA.walk(&mut columns);
//! assert_eq!(columns.0, ["size: number", "tls.required: flag"]);
//! ```

mod walker;
mod word_list;

use core::fmt;

use telemetry_spec::bucket::labels;

pub use word_list::WordList;

use self::walker::Declared;
use super::bits::{head, log2};
use super::rounded::rounded;
use super::{Absent, Kind, Node, Released, Schema};

/// A schema of either kind: that of a type, or one that was read.
///
/// It is implemented for `&Schema` and `&Released` only. What is made of a schema takes either.
pub trait AnySchema<'s>: Copy + sealed::Sealed {
    /// Reports to a visitor everything that can be sent, in wire order.
    fn report(self, visitor: &mut dyn Visitor<'s>);
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for &Schema {}
impl sealed::Sealed for &Released {}

impl<'s> AnySchema<'s> for &Schema {
    fn report(self, visitor: &mut dyn Visitor<'s>) {
        self.walk(visitor);
    }
}

impl<'s> AnySchema<'s> for &'s Released {
    fn report(self, visitor: &mut dyn Visitor<'s>) {
        self.walk(visitor);
    }
}

/// Callbacks for the parts of a schema. The default implementation of each method does nothing.
///
/// `'s` is the lifetime of the schema's texts, which a visitor may keep. It is `'static` for the schema of a type.
pub trait Visitor<'s> {
    /// A value without nested values.
    fn value(&mut self, place: &Place<'_, 's>, value: Value<'s>) {
        let _ = (place, value);
    }

    /// A value with nested values, which follow; then [`leave`](Self::leave) is called. With [`Step::Over`], both are omitted.
    fn enter(&mut self, place: &Place<'_, 's>, container: Container<'s>) -> Step {
        let _ = (place, container);
        Step::Into
    }

    /// The end of a value with nested values.
    fn leave(&mut self, place: &Place<'_, 's>, container: Container<'s>) {
        let _ = (place, container);
    }

    /// A value of a type that is already being walked and began at `above`. It is not entered again.
    fn recursion(&mut self, place: &Place<'_, 's>, above: &[Part<'s>]) {
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
pub enum Value<'s> {
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
        unit: &'s str,
        /// How many leading digits are sent, the others being zero; 0 if all are.
        digits: u8,
    },
    /// The range that contains a number.
    Bucket {
        /// The edges: one range ends and the next begins at each.
        edges: &'s [i64],
        /// The unit of measurement of the number; empty if not stated.
        unit: &'s str,
    },
    /// One of the words.
    Tag {
        /// The words.
        words: WordList<'s>,
    },
    /// A list of words, in any order and with repetitions.
    Tags {
        /// The words.
        words: WordList<'s>,
        /// The maximum length of the list.
        max: u32,
    },
    /// A list of words, each at most once, in the order of the table.
    Set {
        /// The words.
        words: WordList<'s>,
        /// The maximum length of the list.
        max: u32,
    },
    /// A version: one to three numbers, each at most 65535, separated by dots.
    Version,
}

impl<'s> Value<'s> {
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

    /// The smallest and the largest number that is sent, of a count or a number; nothing of any other kind. A bound is sent rounded, as any number is.
    ///
    /// ```
    /// use telemetry::schema::walk::Value;
    ///
    /// let port = Value::Number { min: 1_024, max: 65_535, unit: "", digits: 1 };
    /// assert_eq!(port.bounds(), Some((1_000, 60_000)));
    /// assert_eq!(Value::Count { max: 64 }.bounds(), Some((0, 64)));
    /// assert_eq!(Value::Flag.bounds(), None);
    /// ```
    #[must_use]
    pub const fn bounds(&self) -> Option<(i64, i64)> {
        match *self {
            Self::Count { max } => Some((0, max as i64)),
            Self::Number { min, max, digits, .. } => Some((rounded(min, digits), rounded(max, digits))),
            _ => None,
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
pub enum Container<'s> {
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
        tag: Option<&'s str>,
    },
    /// An enum with data whose tag and members stand in place of this one. Its variants follow, each as a
    /// [`Variant`](Self::Variant). If the place is not required, all of them may be missing.
    FlattenVariants {
        /// The member that names the variant. It is reported as the first member of each variant.
        tag: &'s str,
    },
    /// A variant of an enum with data.
    Variant {
        /// Its word; empty if the word is never sent.
        word: &'s str,
        /// The form in which it is sent.
        form: Form,
    },
}

impl Container<'_> {
    /// Whether the first member of this container, which is at `place`, is the tag of the enum around it. The choice of the variant is that of
    /// the enum, so the tag of a variant adds nothing to it.
    pub(crate) fn begins_with_tag(&self, place: &Place<'_, '_>) -> bool {
        let is_object = matches!(self, Self::Variant { form: Form::Object, .. });
        is_object && matches!(place.parts.last(), Some(Part::Variant(_)))
    }
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
pub enum Part<'s> {
    /// Into the member with this name.
    Member(&'s str),
    /// Into each item of a list.
    Item,
    /// Into the variant with this word.
    Variant(&'s str),
    /// Into the variant at this index, whose word is never sent.
    Alternative(usize),
}

/// A place where a value can be sent.
pub struct Place<'w, 's> {
    pub(super) parts: &'w [Part<'s>],
    pub(super) name: &'s str,
    pub(super) purpose: &'s str,
    pub(super) is_required: bool,
    pub(super) at: At<'s>,
}

/// The value at a place, in the schema that holds it.
#[derive(Clone, Copy)]
pub(super) enum At<'s> {
    Declared(Declared),
    /// A stage of a schema that was read. What is asked of it stands here, so that a program without such schemas does not contain the code
    /// that finds it.
    Released {
        of: &'s Released,
        index: usize,
        walk: WalkReleased<'s>,
        own_bits: u64,
        is_empty: bool,
    },
}

/// Walks the stage with this index, at this path.
pub(super) type WalkReleased<'s> = fn(&'s Released, usize, &[Part<'s>], &mut dyn Visitor<'s>);

impl<'s> Place<'_, 's> {
    /// The name of the member; empty for a list item, the value of a variant, and the root.
    #[must_use]
    pub const fn name(&self) -> &'s str {
        self.name
    }

    /// The purpose of the value; empty if not stated.
    #[must_use]
    pub const fn purpose(&self) -> &'s str {
        self.purpose
    }

    /// Whether the value is never absent when its container is present. An absent list item is left out of the list.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.is_required
    }

    /// The path from the root to this place.
    #[must_use]
    pub const fn parts(&self) -> &[Part<'s>] {
        self.parts
    }

    /// The path as text: names joined by dots, a name with a dot in square brackets, `[]` for a list item, and the word of a variant in angle brackets. A variant whose word
    /// is never sent adds nothing.
    #[must_use]
    pub const fn path(&self) -> Path<'_, 's> {
        Path::of(self.parts)
    }

    /// Walks only the part of the schema at this place.
    ///
    /// A type that contains itself and began above this place is entered once more if the schema is that of a type. In a schema
    /// that was read, it is reported as [recursion](Visitor::recursion).
    pub fn walk(&self, visitor: &mut dyn Visitor<'s>) {
        match &self.at {
            At::Declared(at) => walker::from(self, *at, visitor),
            At::Released { of, index, walk, .. } => walk(of, *index, self.parts, visitor),
        }
    }

    /// Whether it is an object without members.
    pub(crate) fn is_empty(&self) -> bool {
        match self.at {
            At::Declared(Declared::Node(node)) => matches!(node, Node::Group(members) if members.is_empty()),
            At::Declared(_) => false,
            At::Released { is_empty, .. } => is_empty,
        }
    }

    /// Upper bound of the bits that the value itself can reveal, without the values it contains.
    #[must_use]
    pub fn own_bits(&self) -> u64 {
        match self.at {
            At::Declared(Declared::Node(node)) => {
                let absent = if self.is_required { Absent::Never } else { Absent::Possible };
                head(&Kind { node, absent })
            }
            At::Declared(Declared::FlattenVariants { variants, .. }) => {
                log2(variants.len() as u64 + u64::from(!self.is_required))
            }
            // An entry and a variant are never absent.
            At::Declared(_) => 0,
            At::Released { own_bits, .. } => own_bits,
        }
    }
}

/// A path as text; see [`Place::path`].
#[derive(Clone, Copy, Debug)]
pub struct Path<'w, 's> {
    parts: &'w [Part<'s>],
    is_exact: bool,
}

impl<'w, 's> Path<'w, 's> {
    /// The path with these parts.
    #[must_use]
    pub const fn of(parts: &'w [Part<'s>]) -> Self {
        Self { parts, is_exact: false }
    }

    /// A path in which a variant whose word is never sent adds its number in round brackets, so that no two places have the same one.
    pub(crate) const fn exact(parts: &'w [Part<'s>]) -> Self {
        Self { parts, is_exact: true }
    }
}

impl fmt::Display for Path<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut is_begun = false;
        for part in self.parts {
            match part {
                Part::Member(name) => {
                    f.write_str(if is_begun { "." } else { "" })?;
                    // It is told apart from two names.
                    if name.contains('.') { write!(f, "[{name}]")? } else { f.write_str(name)? }
                }
                Part::Item => f.write_str("[]")?,
                Part::Variant(word) => write!(f, "<{word}>")?,
                Part::Alternative(at) if self.is_exact => write!(f, "({})", at + 1)?,
                Part::Alternative(_) => continue,
            }
            is_begun = true;
        }
        Ok(())
    }
}
