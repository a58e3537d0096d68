//! The constructors that derived code uses to declare a schema.
//!
//! Evaluating constants is a good part of the compile time that a derive costs, mostly spent on calls and on scanning
//! text byte by byte. So those that most fields use call nothing and check nothing. The derive has checked every literal, with its source
//! location; a schema in use is [checked](super::check) again.

use super::bound::ConstantEdges;
use super::kind::{Absent, EntryValue, Node, value};
use super::name::Key;
use super::{Field, HasSchema, Kind, Schema, Variant, Words};

pub use super::bound::{Integer, bound, check_bound, check_maximum, edges_of, maximum, words_of};
pub use super::check::{
    check_beside, check_edges, check_entry, check_event, check_flattened, check_natural, check_number,
};
pub use super::variant::check_tag;
pub use super::weight::{
    All, Depth, Measure, Measured, Nothing, Weighed, Weight, is_over, items, over, own, repeated, richest, sum, values,
    variant, weigh, whole,
};

/// A flag that is never absent.
pub const FLAG: Kind = Kind { node: Node::Flag, absent: Absent::Never };

/// Whether something is set; never absent.
pub const PRESENCE: Kind = Kind { node: Node::Presence, absent: Absent::Never };

/// Whether a value differs from its default; never absent.
pub const CHANGED: Kind = Kind { node: Node::Changed, absent: Absent::Never };

/// A version; may be absent.
pub const VERSION: Kind = Kind { node: Node::Version, absent: Absent::Possible };

/// A macro, because a function would be one more call.
macro_rules! kind {
    ($node:expr, $required:ident) => {
        Kind { node: $node, absent: if $required { Absent::Never } else { Absent::Possible } }
    };
}

/// A group of these members.
pub const fn members(fields: &'static [Field]) -> Schema {
    Schema { node: Node::Group(fields), absent: Absent::Never }
}

/// A member. `key` begins with the `len` bytes written before its value, `,"name":`; the others are spaces. `Key::bit` checks this once for
/// each type in use.
pub const fn field(key: &[u8; Key::SIZE], len: u8, kind: Kind) -> Field {
    Field { key: Key::Short { bytes: *key, len }, kind, purpose: "" }
}

/// The same with a purpose.
pub const fn described(key: &[u8; Key::SIZE], len: u8, kind: Kind, purpose: &'static str) -> Field {
    Field { key: Key::Short { bytes: *key, len }, kind, purpose }
}

/// A member whose name is too long for such a key.
pub const fn long_field(name: &'static str, kind: Kind, purpose: &'static str) -> Field {
    Field { key: Key::Long(name), kind, purpose }
}

/// These members if they stand for an object, or else the value under this key.
pub const fn merged(key: &[u8; Key::SIZE], len: u8, members: Field, purpose: &'static str) -> Field {
    if members.is_flattened() { members } else { described(key, len, members.kind, purpose) }
}

/// The same under a long name.
pub const fn long_merged(name: &'static str, members: Field, purpose: &'static str) -> Field {
    if members.is_flattened() { members } else { long_field(name, members.kind, purpose) }
}

/// A count, at most `max`.
pub const fn count(max: u32, required: bool) -> Kind {
    kind!(Node::Count { max }, required)
}

/// A number within these bounds.
pub const fn number(min: i64, max: i64, unit: &'static str, required: bool) -> Kind {
    kind!(Node::Number { min, max, unit, digits: 0 }, required)
}

/// The same, of which only the leading `digits` digits are sent.
pub const fn rounded(min: i64, max: i64, unit: &'static str, digits: u8, required: bool) -> Kind {
    kind!(Node::Number { min, max, unit, digits }, required)
}

/// A range of a number.
pub const fn bucket(edges: &'static [i64], unit: &'static str, required: bool) -> Kind {
    kind!(Node::Bucket { edges, unit }, required)
}

/// A range of a number, between the edges of a constant.
pub const fn bucket_of(edges: &'static ConstantEdges, unit: &'static str, required: bool) -> Kind {
    bucket(edges.get(), unit, required)
}

/// One of the words.
pub const fn tag(words: Words, required: bool) -> Kind {
    kind!(Node::Tag(words), required)
}

/// A list of words, or a set.
pub const fn tags(words: Words, max: u32, is_set: bool, required: bool) -> Kind {
    kind!(Node::Tags { words, max, is_set }, required)
}

/// A list of values of a nested type, or a set.
#[track_caller]
pub const fn list<T: HasSchema + ?Sized>(max: u32, is_set: bool, required: bool) -> Kind {
    let node = if is_set { set::<T>(max) } else { Kind::list::<T>(max).node };
    kind!(node, required)
}

/// A set of words, if the values are words. A separate function: the type of a list may contain the list, so that its kind cannot be read.
#[track_caller]
const fn set<T: HasSchema + ?Sized>(max: u32) -> Node {
    match T::KIND.kind().node {
        Node::Tag(words) => Kind::tag_set(words, max).node,
        _ => Kind::list::<T>(max).node,
    }
}

/// The values of a map, as their type sends them.
pub struct Values(EntryValue);

impl Values {
    /// Values of type `T`.
    pub(crate) const fn of<T: HasSchema + ?Sized>() -> Self {
        Self(EntryValue::Type(value::<T>))
    }
}

/// A map to values of a nested type.
pub const fn entries(key: &'static Field, values: &Values, max: u32, required: bool) -> Kind {
    kind!(Node::Entries { key, value: values.0, max }, required)
}

/// A map whose values are of one kind; `value` is the member that holds them.
pub const fn entries_of_kind(key: &'static Field, value: &'static Field, max: u32, required: bool) -> Kind {
    kind!(Node::Entries { key, value: EntryValue::Kind(value), max }, required)
}

/// An object within a variant.
#[track_caller]
pub const fn object(members: &'static [Field]) -> Kind {
    super::field::check_names(members);
    Kind { node: Node::Group(members), absent: Absent::Never }
}

/// An enum whose variants are objects that the tag names.
pub const fn tagged(tag: &'static Field, variants: &'static [Variant]) -> Kind {
    Kind { node: Node::Variants { tag: Some(tag), variants }, absent: Absent::Possible }
}

/// An enum with data.
pub const fn variants(kind: Kind) -> Schema {
    Schema { node: kind.node, absent: Absent::Never }
}

/// Words plus `other` for any other text, unless `other` is empty; `other_at` is its index in the list, or the list's length.
pub const fn words(list: &'static [&'static str], other: &'static str, other_at: usize) -> Words {
    // A larger index is refused where the words are checked, as is this one.
    let other_at = if other_at > u16::MAX as usize { u16::MAX } else { other_at as u16 };
    Words { list, other, other_at, ignore_case: false, is_checked: false }
}
