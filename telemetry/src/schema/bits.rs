//! How much a schema can reveal, in bits.

use telemetry_spec::limit::BODY_BYTES;

use super::rounded::states;
use super::walk::{Container, Part, Place, Step, Value, Visitor};
use super::{EntryValue, Field, Kind, Node, Released, Schema, Shape, Variant};

/// A value cannot reveal more than the largest body holds. A type that contains itself counts as this much.
pub(crate) const MOST: u64 = BODY_BYTES as u64 * 8;

pub(super) const fn log2(states: u64) -> u64 {
    (u64::BITS - states.saturating_sub(1).leading_zeros()) as u64
}

/// Bits of the value itself, without the values it contains. Being absent is one of its states.
pub(super) const fn head(kind: &Kind) -> u64 {
    let absent = !kind.is_never_absent() as u64;
    if let Some(value) = Value::of(&kind.node) {
        return of_value(&value, absent);
    }
    let states = match kind.node {
        Node::List { max, .. } | Node::Entries { max, .. } => max as u64 + 1,
        Node::Variants { variants, .. } | Node::FlattenVariants { variants, .. } => variants.len() as u64,
        // A group is a single state. All other kinds are values.
        _ => 1,
    };
    log2(states + absent)
}

/// The same as far as the kind alone shows it. The weight of a nested type counts the others, and its absence.
pub(super) const fn shown(kind: &Kind) -> u64 {
    match kind.node {
        Node::Nested(_) | Node::Flatten(_) | Node::FlattenVariants { .. } => 0,
        _ => head(kind),
    }
}

/// Bits of a value, of which `absent` states, 0 or 1, are its absence. Those of the words in a list are counted as its contents.
pub(super) const fn of_value(value: &Value<'_>, absent: u64) -> u64 {
    let states = match value {
        Value::Set { words, max } => return set(words.len() as u64, *max as u64, absent),
        Value::Flag | Value::Presence | Value::Changed => 2,
        Value::Count { max } | Value::Tags { max, .. } => *max as u64 + 1,
        Value::Number { min, max, digits: 0, .. } => max.abs_diff(*min) + 1,
        Value::Number { min, max, digits, .. } => states(*min, *max, *digits),
        Value::Bucket { edges, .. } => edges.len() as u64 + 1,
        Value::Tag { words } => words.len() as u64,
        // 65536^3 + 65536^2 + 65536
        Value::Version => 0x1_0001_0001_0000,
    };
    log2(states + absent)
}

/// Bits of a set: the smaller of those of a list of the same length and one bit for each word.
const fn set(words: u64, max: u64, absent: u64) -> u64 {
    let list = log2(max + 1 + absent) + max.saturating_mul(log2(words));
    let each = words + absent;
    if list < each { list } else { each }
}

/// Bits of the values it contains, except those known only by type; includes flattened members if `inlines`.
pub(super) const fn children(node: &Node, inlines: bool) -> u64 {
    match node {
        Node::Group(members) => fields(members, inlines),
        Node::Tags { words, max, is_set: false } => (*max as u64).saturating_mul(log2(words.len() as u64)),
        Node::Entries { key, value, max } => {
            let value = match value {
                EntryValue::Type(_) => 0,
                EntryValue::Kind(value) => field(value, inlines),
            };
            (*max as u64).saturating_mul(head(&key.kind).saturating_add(value))
        }
        Node::Flatten(members) | Node::Added(members) if inlines => fields(members, inlines),
        Node::Variants { variants, .. } => most(variants, inlines),
        Node::FlattenVariants { variants, .. } if inlines => most(variants, inlines),
        _ => 0,
    }
}

/// Bits of the contents of the variant that has the most.
const fn most(variants: &[Variant], inlines: bool) -> u64 {
    let (mut at, mut most) = (0, 0);
    while at < variants.len() {
        let bits = shape(&variants[at].shape, inlines);
        if bits > most {
            most = bits;
        }
        at += 1;
    }
    most
}

const fn shape(shape: &Shape, inlines: bool) -> u64 {
    match shape {
        Shape::Unit => 0,
        Shape::Value(value) => field(value, inlines),
        Shape::Group(members) => fields(members, inlines),
    }
}

pub(super) const fn field(field: &Field, inlines: bool) -> u64 {
    let own = if inlines { head(&field.kind) } else { shown(&field.kind) };
    own.saturating_add(children(&field.kind.node, inlines))
}

pub(super) const fn fields(members: &[Field], inlines: bool) -> u64 {
    let (mut at, mut sum) = (0, 0_u64);
    while at < members.len() {
        sum = sum.saturating_add(field(&members[at], inlines));
        at += 1;
    }
    sum
}

/// Number of values whose nested contents their kinds do not show; counts those of flattened members if `inlines`.
pub(super) const fn nesting(node: &Node, inlines: bool) -> usize {
    match node {
        Node::Nested(_) | Node::List { .. } | Node::Entries { value: EntryValue::Type(_), .. } => 1,
        Node::Entries { value: EntryValue::Kind(value), .. } => nesting(&value.kind.node, inlines),
        Node::Flatten(_) | Node::Added(_) | Node::FlattenVariants { .. } if !inlines => 1,
        Node::Group(members) | Node::Flatten(members) | Node::Added(members) => nesting_of(members, inlines),
        Node::Variants { variants, .. } | Node::FlattenVariants { variants, .. } => {
            let (mut at, mut count) = (0, 0);
            while at < variants.len() {
                count += match &variants[at].shape {
                    Shape::Unit => 0,
                    Shape::Value(value) => nesting(&value.kind.node, inlines),
                    Shape::Group(members) => nesting_of(members, inlines),
                };
                at += 1;
            }
            count
        }
        _ => 0,
    }
}

const fn nesting_of(members: &[Field], inlines: bool) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < members.len() {
        count += nesting(&members[at].kind.node, inlines);
        at += 1;
    }
    count
}

impl Schema {
    /// Upper bound of the information a value can reveal, in bits.
    ///
    /// The sum over all fields of ⌈log₂(states)⌉, where being absent is a state. A list counts its length and `max` items. A type that
    /// contains itself counts as much as the largest body (64 KiB) can hold. A larger sum is capped at the same number.
    #[must_use]
    pub fn bits(&self) -> u64 {
        Bits::of(|bits| self.walk(bits))
    }
}

impl Released {
    /// Upper bound of the information a value can reveal, in bits; the same as that of the [schema](Schema::bits).
    #[must_use]
    pub fn bits(&self) -> u64 {
        Bits::of(|bits| self.walk(bits))
    }
}

impl Place<'_, '_> {
    /// Upper bound of the bits that the value at this place can reveal, including everything it contains.
    #[must_use]
    pub fn bits(&self) -> u64 {
        Bits::of(|bits| self.walk(bits))
    }
}

struct Bits {
    /// The sums of the open containers, innermost last.
    open: Vec<u64>,
    /// Whether the next value is the tag of a variant, which was counted with its enum.
    is_tag_next: bool,
}

impl Bits {
    fn of(walk: impl FnOnce(&mut Self)) -> u64 {
        let mut bits = Self { open: vec![0], is_tag_next: false };
        walk(&mut bits);
        bits.total()
    }

    fn total(&self) -> u64 {
        self.open.first().copied().unwrap_or_default().min(MOST)
    }

    fn add(&mut self, bits: u64) {
        if let Some(sum) = self.open.last_mut() {
            *sum = sum.saturating_add(bits);
        }
    }
}

impl Visitor<'_> for Bits {
    fn value(&mut self, place: &Place<'_, '_>, value: Value<'_>) {
        if std::mem::take(&mut self.is_tag_next) {
            return;
        }
        self.add(place.own_bits());
        if let Value::Tags { words, max } = value {
            self.add(u64::from(max).saturating_mul(log2(words.len() as u64)));
        }
    }

    fn enter(&mut self, place: &Place<'_, '_>, container: Container<'_>) -> Step {
        if !matches!(container, Container::Variant { .. }) {
            self.add(place.own_bits());
        }
        self.open.push(0);
        self.is_tag_next = container.begins_with_tag(place);
        Step::Into
    }

    fn leave(&mut self, _: &Place<'_, '_>, container: Container<'_>) {
        let inside = self.open.pop().unwrap_or_default();
        match container {
            Container::List { max } => self.add(u64::from(max).saturating_mul(inside)),
            // Exactly one variant of an enum is sent.
            Container::Variant { .. } => {
                if let Some(most) = self.open.last_mut() {
                    *most = inside.max(*most);
                }
            }
            Container::Group | Container::Flatten | Container::Variants { .. } | Container::FlattenVariants { .. } => {
                self.add(inside)
            }
        }
    }

    fn recursion(&mut self, place: &Place<'_, '_>, _: &[Part<'_>]) {
        self.add(place.own_bits().saturating_add(MOST));
    }
}
