//! What the derive states a schema with.
//!
//! Evaluating constants takes a good part of what a derive costs the compiler, and that in turn is calls, and going through
//! texts letter by letter. So each of these is one call that looks at nothing: the derive has checked every literal, with its
//! place in the source, and compared the names.

use super::kind::{Node, schema};
use super::name::Key;
use super::{Field, Kind, Schema, Words};
use crate::snapshot::TelemetrySnapshot;

pub use super::bits::{Bits, Measure, Measured, Nothing, context, items, own, richest, sum, variant, weigh};
pub use super::check::{check_budget, check_entry, check_event, check_flattened};

/// A flag that is never absent.
pub const FLAG: Kind = Kind { node: Node::Flag, required: true };

/// Whether something is set, never absent.
pub const PRESENCE: Kind = Kind { node: Node::Presence, required: true };

/// A version, which may be absent.
pub const VERSION: Kind = Kind { node: Node::Version, required: false };

/// A group of these members.
pub const fn members(fields: &'static [Field]) -> Schema {
    Schema { node: Node::Group(fields), required: true }
}

/// A member. `key` begins with the `len` bytes that stand before its value; those of a longer key are not looked at.
pub const fn field(
    name: &'static str,
    key: &'static [u8; Key::SIZE],
    len: u8,
    kind: Kind,
    purpose: &'static str,
) -> Field {
    Field { key: Key { name, bytes: *key, len, hash: 0 }, kind, purpose }
}

/// What `T` sends, which is never absent.
pub const fn group<T: TelemetrySnapshot + ?Sized>() -> Kind {
    Kind { node: Node::Nested(schema::<T>), required: true }
}

/// How many, at most `max`.
pub const fn count(max: u32, required: bool) -> Kind {
    Kind { node: Node::Count { max }, required }
}

/// A number within these bounds.
pub const fn number(min: i64, max: i64, unit: &'static str, required: bool) -> Kind {
    Kind { node: Node::Number { min, max, unit }, required }
}

/// A range of which `labels` are the texts.
pub const fn bucket(
    edges: &'static [i64],
    labels: &'static [&'static str],
    unit: &'static str,
    required: bool,
) -> Kind {
    Kind { node: Node::Bucket { edges, labels, unit }, required }
}

/// One of the words.
pub const fn tag(words: Words, required: bool) -> Kind {
    Kind { node: Node::Tag(words), required }
}

/// Words with one for everything else, unless that is empty; `other_at` is where it stands among them, or how many they are.
pub const fn words(list: &'static [&'static str], other: &'static str, other_at: usize) -> Words {
    Words { list, other, other_at, ignore_case: false }
}
