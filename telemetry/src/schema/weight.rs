//! The information a type can reveal and the maximum size of its values, computed at compile time from the type itself.
//!
//! A schema reaches nested types through functions, which the compiler cannot call in a constant. So each type declares its weight in
//! terms of its fields' types. A type that contains itself is followed for as many levels as a body can have; beyond that, it counts as
//! the largest body. [`Schema::bits`](super::Schema::bits) computes the same from the schema. Its result is checked against
//! the budget before the first event of a type is accepted, whatever weight an implementation declares here. Both count alike, so that an author is
//! never asked for another budget than the page tells.

use core::marker::PhantomData;

use telemetry_spec::limit;

use super::bits::{MOST, children, field, fields, head, nesting, shown};
use super::message::Message;
use super::name::{Key, equal};
use super::size::{GUESS_OF_GROUP, node_size, value_size};
use super::{Absent, Field, HasSchema, Kind, Node, Shape};

/// The bits that a value can reveal, and its maximum length in bytes.
#[derive(Clone, Copy)]
pub struct Weight {
    pub(crate) bits: u64,
    pub(crate) size: usize,
    /// Whether part of it cannot be counted at compile time.
    pub(crate) is_unknown: bool,
    absence: Absence,
}

/// The bits of being absent, which is one more state beside those of the value.
#[derive(Clone, Copy)]
enum Absence {
    /// The kind of the value tells them, or it is never absent.
    Untold,
    /// An `Option` of the value has so many bits more.
    Adds(u64),
    /// The value may be absent: so many bits fewer if it is not.
    Counted(u64),
}

impl Absence {
    const fn of(kind: &Kind) -> Self {
        let bits = head(&Kind { absent: Absent::Possible, ..*kind }) - head(&kind.always());
        if kind.is_never_absent() { Self::Adds(bits) } else { Self::Counted(bits) }
    }
}

impl Weight {
    /// No weight beyond that of the kind.
    pub const NOTHING: Self = Self::of(0, 0, false);

    /// The weight of a type nested deeper than a body can be.
    const DEEPEST: Self = Self::of(MOST, GUESS_OF_GROUP, false);

    const fn of(bits: u64, size: usize, is_unknown: bool) -> Self {
        Self { bits, size, is_unknown, absence: Absence::Untold }
    }

    /// With what is nested in it.
    const fn and(self, other: Self) -> Self {
        Self {
            bits: self.bits.saturating_add(other.bits),
            size: self.size.saturating_add(other.size),
            is_unknown: self.is_unknown || other.is_unknown,
            ..self
        }
    }

    /// That of an `Option`.
    const fn optional(self) -> Self {
        match self.absence {
            Absence::Adds(bits) => {
                Self { bits: self.bits.saturating_add(bits), absence: Absence::Counted(bits), ..self }
            }
            Absence::Untold | Absence::Counted(_) => self,
        }
    }

    /// The bits if the value is there.
    const fn present(self) -> u64 {
        match self.absence {
            Absence::Counted(bits) => self.bits - bits,
            Absence::Untold | Absence::Adds(_) => self.bits,
        }
    }
}

/// The number of levels of nested types still to follow.
pub trait Depth {
    #[doc(hidden)]
    type Less: Depth;
    #[doc(hidden)]
    const IS_LEFT: bool;
}

/// This number of levels.
pub struct Levels<const N: usize>;

/// The maximum number of levels of a body.
pub type All = Levels<{ limit::DEPTH as usize }>;

impl Depth for Levels<0> {
    type Less = Self;
    const IS_LEFT: bool = false;
}

macro_rules! levels {
    ($($more:literal: $less:literal),+) => {
        $(impl Depth for Levels<$more> {
            type Less = Levels<$less>;
            const IS_LEFT: bool = true;
        })+
    };
}

levels!(1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6, 8: 7, 9: 8, 10: 9, 11: 10, 12: 11, 13: 12, 14: 13, 15: 14, 16: 15);

/// The weight of a type beyond its kind, expressed as a type.
pub trait Weighed {
    #[doc(hidden)]
    const WEIGHT: Weight;
}

/// The weight of a derived type.
///
/// The parameter makes the constant lazy. Constants of an implementation without parameters are evaluated eagerly, which fails for a
/// type that contains itself.
pub trait Measure<D: Depth> {
    #[doc(hidden)]
    const WEIGHT: Weight;
}

/// The weight that a derived type declares.
pub struct Measured<T: ?Sized, D>(PhantomData<(D, *const T)>);

/// The weight of a type whose implementation is written by hand.
pub(crate) struct Handwritten<T: ?Sized>(PhantomData<*const T>);

/// The weight behind a pointer. The size of its groups is an estimate, since the type may contain itself through the pointer.
pub(crate) struct Pointer<T: ?Sized, W>(PhantomData<(W, *const T)>);

/// The weight of a value that may be absent.
pub(crate) struct Optional<W>(PhantomData<W>);

/// No weight beyond the kind.
pub struct Nothing;

impl<T: ?Sized, D> Measured<T, D> {
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

impl<W> Optional<W> {
    pub(crate) const fn of(_: fn() -> W) -> Self {
        Self(PhantomData)
    }
}

impl<T: ?Sized, W> Pointer<T, W> {
    pub(crate) const fn to(_: fn() -> W) -> Self {
        Self(PhantomData)
    }
}

impl<T: Measure<D::Less> + ?Sized, D: Depth> Weighed for Measured<T, D> {
    const WEIGHT: Weight = if D::IS_LEFT { measured::<T, D::Less>() } else { Weight::DEEPEST };
}

/// A separate function, so that it is evaluated only when called.
const fn measured<T: Measure<D> + ?Sized, D: Depth>() -> Weight {
    T::WEIGHT
}

impl<T: HasSchema + ?Sized> Weighed for Handwritten<T> {
    const WEIGHT: Weight = match T::KIND.kind().node {
        Node::Nested(_) => {
            let node = &T::SCHEMA.node;
            let kind = T::SCHEMA.kind();
            let bits = head(&kind).saturating_add(children(node, true));
            let weight = Weight::of(bits, node_size(node, 2), nesting(node, true) > 0);
            Weight { absence: Absence::of(&kind), ..weight }
        }
        _ => Weight::NOTHING,
    };
}

impl<T: HasSchema + ?Sized, W: Weighed> Weighed for Pointer<T, W> {
    const WEIGHT: Weight = {
        let size = match T::KIND.kind().node {
            Node::Nested(_) => node_size(&T::SCHEMA.node, GUESS_OF_GROUP),
            _ => 0,
        };
        Weight { size, ..W::WEIGHT }
    };
}

impl<W: Weighed> Weighed for Optional<W> {
    const WEIGHT: Weight = W::WEIGHT.optional();
}

impl Weighed for Nothing {
    const WEIGHT: Weight = Weight::NOTHING;
}

/// The weight in the return type of a type's hidden `weight` function, which is never called.
pub const fn weigh<W: Weighed>(_: fn() -> W) -> Weight {
    W::WEIGHT
}

/// A root value: the weight of its kind plus its nested weight.
pub const fn whole<W: Weighed>(kind: Kind, _: fn() -> W) -> Weight {
    let absence = match (&kind.node, kind.absent) {
        (Node::Nested(_), _) => return W::WEIGHT,
        // What is not there is not set.
        (Node::Presence, Absent::Never) => Absence::Untold,
        _ => Absence::of(&kind),
    };
    let bits = head(&kind).saturating_add(children(&kind.node, false));
    Weight { absence, ..Weight::of(bits, value_size(&kind.node), false) }.and(W::WEIGHT)
}

/// `max` items of a list, or of a set.
pub const fn items<T: HasSchema + ?Sized, W: Weighed>(_: fn() -> W, max: u32, is_set: bool) -> Weight {
    let kind = T::KIND.kind().always();
    if is_set && matches!(kind.node, Node::Tag(_)) {
        // The kind of a set of words counts them.
        return Weight::NOTHING;
    }
    let item = shown(&kind).saturating_add(children(&kind.node, false)).saturating_add(W::WEIGHT.present());
    // The size of a list is an estimate, included in its kind.
    Weight::of((max as u64).saturating_mul(item), 0, W::WEIGHT.is_unknown)
}

/// `max` values of a map, which are sent as this field.
pub const fn values<W: Weighed>(field: &Field, _: fn() -> W, max: u32) -> Weight {
    repeated(Weight::of(self::field(field, false), 0, false).and(W::WEIGHT), max)
}

/// `max` times the same. The size of a list is an estimate, included in its kind.
pub const fn repeated(weight: Weight, max: u32) -> Weight {
    Weight { bits: (max as u64).saturating_mul(weight.bits), size: 0, ..weight }
}

/// The fields of a derived type. The derive adds the nested weight of this many of them; if more have one, the weight is unknown.
pub const fn own<T: HasSchema + ?Sized>(weighed: usize) -> Weight {
    let schema = &T::SCHEMA;
    if let (Node::Group(members), Absent::Never) = (&schema.node, schema.absent) {
        return of_members(members, weighed);
    }
    let (node, kind) = (&schema.node, schema.kind());
    let bits = head(&kind).saturating_add(children(node, false));
    let weight = Weight::of(bits, node_size(node, 2), nesting(node, false) > weighed);
    Weight { absence: Absence::of(&kind), ..weight }
}

/// The weight of a group that is never absent, as `own`.
///
/// The compiler evaluates this for each type, and calls take most of that time, so the most frequent fields are weighed without one.
const fn of_members(members: &[Field], weighed: usize) -> Weight {
    let (mut at, len, mut size, mut nested) = (0, members.len(), 2, 0);
    let (mut frequent, mut others) = (0_u64, 0_u64);
    while at < len {
        let Field { key, kind, .. } = &members[at];
        size += match key {
            Key::Short { len, .. } => *len as usize,
            Key::Long(_) => key.len(),
        };
        let absent = if matches!(kind.absent, Absent::Never | Absent::AsNested) { 0 } else { 1 };
        match &kind.node {
            Node::Flag | Node::Presence | Node::Changed => {
                frequent += 1 + absent;
                size += 5;
            }
            Node::Nested(_) => {
                size += 2;
                nested += 1;
            }
            node => {
                others = others.saturating_add(field(&members[at], false));
                size += node_size(node, 2);
                // The values of these kinds contain none.
                if !matches!(node, Node::Count { .. } | Node::Number { .. } | Node::Bucket { .. } | Node::Tag(_)) {
                    nested += nesting(node, false);
                }
            }
        }
        at += 1;
    }
    let weight = Weight::of(frequent.saturating_add(others), size, nested > weighed);
    Weight { absence: Absence::Adds(1), ..weight }
}

/// One variant of a derived enum, with the weights of what is nested in it. That its value is absent is a state of the enum.
pub const fn variant<T: HasSchema + ?Sized>(index: usize, weights: &[Weight]) -> Weight {
    let Node::Variants { variants, .. } = &T::SCHEMA.node else { return Weight::NOTHING };
    let inside = sum(weights);
    let (bits, nested, absence) = match &variants[index].shape {
        Shape::Unit => (0, 0, Absence::Untold),
        Shape::Value(value) => {
            let Field { kind, .. } = value;
            let may_be_absent = match kind.node {
                Node::Nested(_) => matches!(inside.absence, Absence::Counted(_)),
                _ => !kind.is_never_absent(),
            };
            let bits = shown(&kind.always()).saturating_add(children(&kind.node, false));
            let absence = if may_be_absent { Absence::Counted(0) } else { Absence::Untold };
            (bits.saturating_add(inside.present()), nesting(&kind.node, false), absence)
        }
        Shape::Group(members) => {
            let bits = fields(members, false).saturating_add(inside.bits);
            (bits, nesting(&Node::Group(members), false), Absence::Untold)
        }
    };
    Weight { bits, absence, is_unknown: inside.is_unknown || nested > weights.len(), ..inside }
}

/// An enum: the choice of variant, and the contents of the largest variant.
pub const fn richest<T: HasSchema + ?Sized>(variants: &[Weight]) -> Weight {
    let mut kind = T::SCHEMA.kind();
    let mut richest = Weight::NOTHING;
    let mut at = 0;
    while at < variants.len() {
        let variant = variants[at];
        richest = Weight::of(
            if variant.bits > richest.bits { variant.bits } else { richest.bits },
            if variant.size > richest.size { variant.size } else { richest.size },
            richest.is_unknown || variant.is_unknown,
        );
        if matches!(variant.absence, Absence::Counted(_)) {
            kind.absent = Absent::Possible;
        }
        at += 1;
    }
    let choice = Weight::of(head(&kind), node_size(&kind.node, 2), false);
    Weight { absence: Absence::of(&kind), ..choice }.and(richest)
}

/// The sum of the first, which is the value itself, and of what is nested in it.
pub const fn sum(weights: &[Weight]) -> Weight {
    let (mut at, mut sum) = match weights {
        [first, ..] => (1, *first),
        [] => (0, Weight::NOTHING),
    };
    while at < weights.len() {
        sum = sum.and(weights[at]);
        at += 1;
    }
    sum
}

/// Members that the client adds, which are not part of a snapshot.
pub(crate) const fn added(members: Weight) -> Weight {
    Weight { size: 0, ..members }
}

/// Members of fixed kinds that the client adds.
pub(crate) const fn added_members(members: &[Field]) -> Weight {
    Weight::of(fields(members, false), 0, false)
}

/// The total weight of a value.
pub(crate) const fn total<T: HasSchema + ?Sized>() -> Weight {
    whole(T::KIND.kind(), T::weight::<All>)
}

/// Whether a value can reveal more bits than `budget`. Fails the compilation when that cannot be counted.
#[track_caller]
pub const fn is_over<T: HasSchema + ?Sized>(budget: u64) -> bool {
    let total = total::<T>();
    if total.is_unknown && budget < u64::MAX {
        panic!("{}", Message::uncounted().as_str());
    }
    capped(total.bits) > budget
}

/// Fails the compilation because a value can reveal more bits than `budget`. The message names the heaviest of `fields`, which are the
/// names of the fields with the weights of what is nested in them.
#[track_caller]
pub const fn over<T: HasSchema + ?Sized>(budget: u64, fields: &[(&str, Weight)]) {
    let whole = capped(total::<T>().bits);
    let mut message = Message::over(whole, budget);
    // A single value has no part that weighs more than others.
    let has_parts =
        matches!(T::SCHEMA.node, Node::Group(_) | Node::List { .. } | Node::Entries { .. } | Node::Variants { .. });
    let (mut bound, mut named) = ((u64::MAX, 0), 0);
    while has_parts && named < 3 {
        let Some((at, bits)) = heaviest::<T>(fields, bound) else { break };
        // A type that is sent as its field is weighed as a whole, and may be called like a member of it.
        message = message.heavy(fields[at].0, if bits > whole { whole } else { bits }, named);
        (bound, named) = ((bits, at), named + 1);
    }
    panic!("{}", message.remedy(whole).as_str());
}

/// Fails the compilation when a value can reveal more bits than `budget`.
#[track_caller]
pub(crate) const fn check_budget<T: HasSchema + ?Sized>(budget: u64) {
    if is_over::<T>(budget) {
        over::<T>(budget, &[]);
    }
}

const fn capped(bits: u64) -> u64 {
    if bits > MOST { MOST } else { bits }
}

/// The index and the bits of the heaviest field after the one at `bound`, which has these bits and this index.
const fn heaviest<T: HasSchema + ?Sized>(fields: &[(&str, Weight)], bound: (u64, usize)) -> Option<(usize, u64)> {
    let (mut at, mut heaviest) = (0, None);
    while at < fields.len() {
        let (name, nested) = fields[at];
        let bits = own_bits(&T::SCHEMA.node, name).saturating_add(nested.bits);
        let is_after = bits < bound.0 || (bits == bound.0 && at > bound.1) || bound.0 == u64::MAX;
        let is_heavier = match heaviest {
            None => bits > 0,
            Some((_, most)) => bits > most,
        };
        if is_after && is_heavier {
            heaviest = Some((at, bits));
        }
        at += 1;
    }
    heaviest
}

/// The bits of the member with this name, without those of nested types.
const fn own_bits(node: &Node, name: &str) -> u64 {
    let Node::Group(members) = node else { return 0 };
    let mut at = 0;
    while at < members.len() {
        if equal(members[at].key.name(), name) {
            return field(&members[at], false);
        }
        at += 1;
    }
    0
}

#[cfg(test)]
mod tests;
