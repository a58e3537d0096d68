//! How much a schema can reveal, in bits, and how large its values can be, in bytes.

use core::marker::PhantomData;

use super::kind::Node;
use super::{Field, Kind, Schema, Shape};
use crate::context::Context;
use crate::snapshot::{MAX_BODY, TelemetrySnapshot};

/// A value cannot reveal more than its largest body; this is what a recursive type counts.
pub(crate) const MOST: u64 = MAX_BODY as u64 * 8;

/// Bits that cannot be counted while compiling.
const UNKNOWN: u64 = u64::MAX;

/// The guess for what lies in a list, and for a group behind a pointer, in bytes.
const GUESS: usize = 256;
const GUESS_OF_GROUP: usize = 128;

/// What a type can reveal, and how large its values can be, beyond what its kind shows; known by type, so that recursion
/// through a pointer compiles.
#[doc(hidden)]
pub trait Bits {
    #[doc(hidden)]
    const BITS: u64;
    #[doc(hidden)]
    const SIZE: usize;
}

/// What a derived type can reveal, in bits, or else how large its values can be, in bytes.
///
/// The parameter says which, and makes the constant lazy: constants of an impl without parameters are evaluated eagerly, which
/// a recursive type cannot bear.
#[doc(hidden)]
pub trait Measure<const IN_BITS: bool> {
    #[doc(hidden)]
    const VALUE: u64;
}

/// What is to be known of a derived type.
#[doc(hidden)]
pub struct Measured<T: ?Sized>(PhantomData<*const T>);

/// Bits of a type whose implementation is written by hand.
pub(crate) struct Handwritten<T: ?Sized>(PhantomData<*const T>);

/// Bits of a pointer: those of the type that it points to, whose groups are of a guessed size.
pub(crate) struct Pointer<T: ?Sized, B>(PhantomData<(B, *const T)>);

impl<T: ?Sized> Measured<T> {
    #[doc(hidden)]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: ?Sized> Handwritten<T> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: ?Sized, B> Pointer<T, B> {
    pub(crate) const fn to(_: fn() -> B) -> Self {
        Self(PhantomData)
    }
}

impl<T: Measure<true> + Measure<false> + ?Sized> Bits for Measured<T> {
    const BITS: u64 = <T as Measure<true>>::VALUE;
    const SIZE: usize = <T as Measure<false>>::VALUE as usize;
}

impl<T: TelemetrySnapshot + ?Sized> Bits for Handwritten<T> {
    const BITS: u64 = match T::KIND.node {
        Node::Nested(_) => whole_value(&T::SCHEMA, UNKNOWN),
        _ => 0,
    };
    const SIZE: usize = match T::KIND.node {
        Node::Nested(_) => own_size::<T>(),
        _ => 0,
    };
}

impl<T: TelemetrySnapshot + ?Sized, B: Bits> Bits for Pointer<T, B> {
    const BITS: u64 = B::BITS;
    const SIZE: usize = match T::KIND.node {
        // The type itself may lie behind it, so its own groups are guessed.
        Node::Nested(_) => node_size(&T::SCHEMA.node, GUESS_OF_GROUP),
        _ => 0,
    };
}

/// Nothing beyond what the kind shows.
pub struct Nothing;

impl Bits for Nothing {
    const BITS: u64 = 0;
    const SIZE: usize = 0;
}

/// What is behind a type's hidden `weight` function, which is never called.
pub const fn weigh<const IN_BITS: bool, B: Bits>(weight: fn() -> B) -> u64 {
    if IN_BITS { bits(weight) } else { size(weight) as u64 }
}

/// Only what is asked for must be looked at, and a function of its own is looked at when it is called.
const fn bits<B: Bits>(_: fn() -> B) -> u64 {
    B::BITS
}

pub(crate) const fn size<B: Bits>(_: fn() -> B) -> usize {
    B::SIZE
}

/// The context that the client adds. It is no part of the snapshot.
#[must_use]
pub const fn context<const IN_BITS: bool>() -> u64 {
    if IN_BITS { total::<Context>() } else { 0 }
}

/// `max` items of a list.
pub const fn items<const IN_BITS: bool, T: TelemetrySnapshot + ?Sized>(max: u32) -> u64 {
    if IN_BITS { (max as u64).saturating_mul(total::<T>()) } else { 0 }
}

/// Bits of a value that is there: its kind's and those behind it.
pub(super) const fn total<T: TelemetrySnapshot + ?Sized>() -> u64 {
    let kind = T::KIND.always();
    head(&kind).saturating_add(children(&kind.node, 0)).saturating_add(bits(T::weight))
}

/// A derived type's own fields. The derive adds what is behind so many of them; when it is behind more, that is not known.
pub const fn own<const IN_BITS: bool, T: TelemetrySnapshot + ?Sized>(weighed: usize) -> u64 {
    match &T::SCHEMA.node {
        node if !IN_BITS => node_size(node, 2) as u64,
        Node::Group(members) if nesting(members) > weighed => UNKNOWN,
        _ => whole_value(&T::SCHEMA, 0),
    }
}

/// As `own`, of one variant of a derived type.
pub const fn variant<const IN_BITS: bool, T: TelemetrySnapshot + ?Sized>(index: usize, weighed: usize) -> u64 {
    let Node::Variants { variants, .. } = &T::SCHEMA.node else { return 0 };
    let own = &variants[index].shape;
    let fields = match own {
        Shape::Unit => &[],
        Shape::Value(value) => core::slice::from_ref(value),
        Shape::Group(members) => *members,
    };
    match IN_BITS {
        false => 0,
        true if nesting(fields) > weighed => UNKNOWN,
        true => shape(own, 0),
    }
}

/// How many of the members have more behind them than their kinds show.
const fn nesting(members: &[Field]) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < members.len() {
        if let Node::Nested(_) | Node::Flatten(_) | Node::List { .. } | Node::Entries { .. } = members[at].kind.node {
            count += 1;
        }
        at += 1;
    }
    count
}

/// An enum: which variant it is, and what the richest of them holds.
pub const fn richest<const IN_BITS: bool, T: TelemetrySnapshot + ?Sized>(variants: &[u64]) -> u64 {
    let (mut at, mut most) = (0, 0);
    while at < variants.len() {
        if variants[at] > most {
            most = variants[at];
        }
        at += 1;
    }
    let own = if IN_BITS { head(&T::SCHEMA.kind().always()) } else { own_size::<T>() as u64 };
    own.saturating_add(most)
}

/// All together.
pub const fn sum(bits: &[u64]) -> u64 {
    let (mut at, mut sum) = (0, 0_u64);
    while at < bits.len() {
        sum = sum.saturating_add(bits[at]);
        at += 1;
    }
    sum
}

const fn whole_value(schema: &Schema, nested: u64) -> u64 {
    head(&schema.kind().always()).saturating_add(children(&schema.node, nested))
}

const fn log2(states: u64) -> u64 {
    (u64::BITS - states.saturating_sub(1).leading_zeros()) as u64
}

/// Bits of the value itself, without what it contains. Absent is a state.
pub(crate) const fn head(kind: &Kind) -> u64 {
    let states = match kind.node {
        Node::Flag | Node::Presence => 2,
        Node::Count { max } => max as u64 + 1,
        Node::Number { min, max, .. } => max.abs_diff(min) + 1,
        Node::Bucket { edges, .. } => edges.len() as u64 + 1,
        Node::Tag(words) => words.len() as u64,
        Node::Tags { max, .. } | Node::List { max, .. } | Node::Entries { max, .. } => max as u64 + 1,
        // 65536^3 + 65536^2 + 65536
        Node::Version => 0x1_0001_0001_0000,
        Node::Group(_) | Node::Nested(_) | Node::Flatten(_) => 1,
        Node::Variants { variants, .. } => variants.len() as u64,
    };
    log2(states + !kind.required as u64)
}

/// Bits of what a value contains; `nested` for each type whose schema cannot be read while compiling.
const fn children(node: &Node, nested: u64) -> u64 {
    match node {
        Node::Group(members) => fields(members, nested),
        Node::Tags { words, max } => (*max as u64).saturating_mul(log2(words.len() as u64)),
        Node::Entries { key, max, .. } => (*max as u64).saturating_mul(head(&key.kind)).saturating_add(nested),
        Node::Nested(_) | Node::List { .. } => nested,
        Node::Flatten(members) if nested != 0 => fields(members, nested),
        Node::Variants { variants, .. } => {
            let (mut at, mut most) = (0, 0);
            while at < variants.len() {
                let bits = shape(&variants[at].shape, nested);
                if bits > most {
                    most = bits;
                }
                at += 1;
            }
            most
        }
        _ => 0,
    }
}

const fn shape(shape: &Shape, nested: u64) -> u64 {
    match shape {
        Shape::Unit => 0,
        Shape::Value(value) => field(value, nested),
        Shape::Group(members) => fields(members, nested),
    }
}

const fn field(field: &Field, nested: u64) -> u64 {
    head(&field.kind).saturating_add(children(&field.kind.node, nested))
}

const fn fields(members: &[Field], nested: u64) -> u64 {
    let (mut at, mut sum) = (0, 0_u64);
    while at < members.len() {
        sum = sum.saturating_add(field(&members[at], nested));
        at += 1;
    }
    sum
}

impl Schema {
    /// Upper bound of what a value can reveal, in bits.
    ///
    /// The sum over all fields of ⌈log₂(states)⌉, where being absent is a state; a list
    /// counts its length and `max` items. A recursive type counts as much as the largest body, 64 KiB, can hold.
    #[must_use]
    pub fn bits(&self) -> u64 {
        let absent = u64::from(!self.required && !matches!(self.node, Node::Group(_)));
        let kind = self.kind().required_if(absent == 0);
        head(&kind).saturating_add(contained(&self.node, &mut vec![self])).min(MOST)
    }
}

/// As `children`, with the nested schemas read.
fn contained(node: &Node, above: &mut Vec<*const Schema>) -> u64 {
    let all = |members: &[Field], above: &mut Vec<*const Schema>| {
        members.iter().fold(0_u64, |sum, member| sum.saturating_add(whole(member, above)))
    };
    match node {
        Node::Group(members) | Node::Flatten(members) => all(members, above),
        Node::Nested(schema) => behind(schema(), above),
        Node::List { item, max } => u64::from(*max).saturating_mul(whole_required(item(), above)),
        Node::Entries { key, value, max } => {
            let entry = whole(key, above).saturating_add(behind(value(), above));
            u64::from(*max).saturating_mul(entry)
        }
        Node::Variants { variants, .. } => {
            let bits = |shape: &Shape| match shape {
                Shape::Unit => 0,
                Shape::Value(value) => whole(value, above),
                Shape::Group(members) => all(members, above),
            };
            variants.iter().map(|variant| &variant.shape).map(bits).max().unwrap_or(0)
        }
        leaf => children(leaf, 0),
    }
}

pub(crate) fn whole(field: &Field, above: &mut Vec<*const Schema>) -> u64 {
    head(&field.kind).saturating_add(contained(&field.kind.node, above))
}

pub(crate) fn whole_required(field: &Field, above: &mut Vec<*const Schema>) -> u64 {
    head(&field.kind.always()).saturating_add(contained(&field.kind.node, above))
}

fn behind(schema: &'static Schema, above: &mut Vec<*const Schema>) -> u64 {
    let address: *const Schema = schema;
    if above.contains(&address) || above.len() > usize::from(crate::snapshot::MAX_DEPTH) {
        return MOST;
    }
    above.push(address);
    let bits = match schema.node {
        Node::Group(_) => contained(&schema.node, above),
        _ => head(&schema.kind()).saturating_add(contained(&schema.node, above)),
    };
    above.pop();
    bits
}

/// Upper bound of the bytes that a value of this type takes, without what it nests by type; a guess for lists.
const fn own_size<T: TelemetrySnapshot + ?Sized>() -> usize {
    node_size(&T::SCHEMA.node, 2)
}

/// As `own_size`, for a value of this kind.
pub(crate) const fn kind_size(kind: &Kind) -> usize {
    node_size(&kind.node, 2)
}

/// With so many bytes for each group that is nested by type.
const fn node_size(node: &Node, nested: usize) -> usize {
    match node {
        Node::Flag | Node::Presence => 5,
        Node::Count { max } => digits(*max as i64),
        Node::Number { min, max, .. } => longer(digits(*min), digits(*max)),
        // Two edges, a dash and quotes, or one edge and a sign.
        Node::Bucket { edges, .. } => 2 * longer(digits(edges[0]), digits(edges[edges.len() - 1])) + 4,
        Node::Tag(words) => word_size(words),
        Node::Tags { words, max } => {
            let all = (*max as usize).saturating_mul(word_size(words) + 1);
            2 + if all < GUESS { all } else { GUESS }
        }
        Node::Version => 19,
        Node::Group(members) => fields_size(members, nested) + 2,
        Node::Nested(_) | Node::Flatten(_) => nested,
        Node::List { .. } | Node::Entries { .. } => GUESS,
        Node::Variants { tag, variants } => {
            let mut most = 0;
            let mut at = 0;
            while at < variants.len() {
                let size = match &variants[at].shape {
                    Shape::Unit => variants[at].word.len(),
                    Shape::Value(value) => node_size(&value.kind.node, nested),
                    Shape::Group(members) => fields_size(members, nested),
                };
                most = longer(most, size);
                at += 1;
            }
            most + 2
                + match tag {
                    Some(tag) => tag.key.len as usize + node_size(&tag.kind.node, nested),
                    None => 0,
                }
        }
    }
}

const fn fields_size(members: &[Field], nested: usize) -> usize {
    let (mut at, mut sum) = (0, 0);
    while at < members.len() {
        sum += members[at].key.len as usize + node_size(&members[at].kind.node, nested);
        at += 1;
    }
    sum
}

const fn word_size(words: &super::Words) -> usize {
    let (mut at, mut most) = (0, 0);
    while let Some(word) = words.get(at) {
        most = longer(most, word.len());
        at += 1;
    }
    most + 2
}

const fn digits(number: i64) -> usize {
    let mut rest = number.unsigned_abs();
    let mut digits = 1 + (number < 0) as usize;
    while rest > 9 {
        rest /= 10;
        digits += 1;
    }
    digits
}

const fn longer(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}
