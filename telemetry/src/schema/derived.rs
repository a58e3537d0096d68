//! The constructors that derived code uses to declare a schema.
//!
//! Evaluating constants is a good part of the compile time that a derive costs, mostly spent on calls and on scanning
//! text byte by byte. So each of these is a single call that checks nothing. The derive has checked every literal, with its source
//! location; a schema in use is [checked](super::check) again.

use super::kind::{Absent, Node};
use super::name::Key;
use super::{Edges, Field, HasSchema, Kind, Schema, Words};

pub use super::check::{check_edges, check_entry, check_event, check_flattened, check_natural, check_number};
pub use super::edges::{bound, check_bound};
pub use super::weight::{
    All, Depth, Measure, Measured, Nothing, Weighed, Weight, is_over, items, over, own, richest, sum, variant, weigh,
    whole,
};

/// A flag that is never absent.
pub const FLAG: Kind = Kind { node: Node::Flag, absent: Absent::Never };

/// Whether something is set; never absent.
pub const PRESENCE: Kind = Kind { node: Node::Presence, absent: Absent::Never };

/// Whether a value differs from its default; never absent.
pub const CHANGED: Kind = Kind { node: Node::Changed, absent: Absent::Never };

/// A version; may be absent.
pub const VERSION: Kind = Kind { node: Node::Version, absent: Absent::Possible };

const fn kind(node: Node, required: bool) -> Kind {
    Kind { node, absent: if required { Absent::Never } else { Absent::Possible } }
}

/// A group of these members.
pub const fn members(fields: &'static [Field]) -> Schema {
    Schema { node: Node::Group(fields), absent: Absent::Never }
}

/// A member. `key` begins with the `len` bytes written before its value, `,"name":`, and has at least 32 bytes.
pub const fn field(key: &'static str, len: u8, kind: Kind, purpose: &'static str) -> Field {
    Field { key: Key::written(key, len), kind, purpose }
}

/// A count, at most `max`.
pub const fn count(max: u32, required: bool) -> Kind {
    kind(Node::Count { max }, required)
}

/// A number within these bounds.
pub const fn number(min: i64, max: i64, unit: &'static str, required: bool) -> Kind {
    kind(Node::Number { min, max, unit, digits: 0 }, required)
}

/// The same, of which only the leading `digits` digits are sent.
pub const fn rounded(min: i64, max: i64, unit: &'static str, digits: u8, required: bool) -> Kind {
    kind(Node::Number { min, max, unit, digits }, required)
}

/// A range of a number; `labels` are the texts of the ranges.
pub const fn bucket(
    edges: &'static [i64],
    labels: &'static [&'static str],
    unit: &'static str,
    required: bool,
) -> Kind {
    kind(Node::Bucket { edges, labels, unit }, required)
}

/// A range of a number, between shared edges.
pub const fn bucket_of(edges: Edges, unit: &'static str, required: bool) -> Kind {
    bucket(edges.0, &[], unit, required)
}

/// One of the words.
pub const fn tag(words: Words, required: bool) -> Kind {
    kind(Node::Tag(words), required)
}

/// A list of words, or a set.
pub const fn tags(words: Words, max: u32, is_set: bool, required: bool) -> Kind {
    kind(Node::Tags { words, max, is_set }, required)
}

/// A list of values of a nested type.
pub const fn list<T: HasSchema + ?Sized>(max: u32, required: bool) -> Kind {
    kind(Kind::list::<T>(max).node, required)
}

/// A map to values of a nested type.
pub const fn entries<T: HasSchema + ?Sized>(key: &'static Field, max: u32, required: bool) -> Kind {
    kind(Kind::entries::<T>(key, max).node, required)
}

/// An enum with data.
pub const fn variants(kind: Kind) -> Schema {
    Schema { node: kind.node, absent: Absent::Never }
}

/// Words plus `other` for any other text, unless `other` is empty; `other_at` is its index in the list, or the list's length.
pub const fn words(list: &'static [&'static str], other: &'static str, other_at: usize) -> Words {
    Words { list, other, other_at, ignore_case: false }
}
