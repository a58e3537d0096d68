//! A member of a group.

use telemetry_spec::name;

use super::Kind;
use super::check::check_flattened;
use super::kind::Node;
use super::message::Message;
use super::name::{Key, bit};
use super::{HasSchema, Schema};

/// One member of a group: its name on the wire, its kind and its purpose.
#[derive(Clone, Copy)]
pub struct Field {
    pub(crate) key: Key,
    pub(crate) kind: Kind,
    pub(crate) purpose: &'static str,
}

impl Field {
    /// A member named `name`, which matches `[A-Za-z][A-Za-z0-9_.-]{0,63}`.
    ///
    /// # Compile errors
    ///
    /// In a constant, an ill-formed name does not compile.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        let Some(key) = Key::member(name) else {
            panic!("{}", name::RULE);
        };
        Self { key, kind, purpose: "" }
    }

    /// The members of `T`, which is a group, in place of this one.
    ///
    /// # Compile errors
    ///
    /// In a constant, a `T` that is not sent as an object does not compile.
    #[must_use]
    pub const fn flatten<T: HasSchema + ?Sized>() -> Self {
        let members = Self::members(&T::SCHEMA);
        check_flattened(&members);
        members
    }

    /// The members of a schema. If there are none, the derive reports it at the type.
    pub(crate) const fn members(schema: &Schema) -> Self {
        let node = match schema.node {
            Node::Group(members) => Node::Flatten(members),
            node => node,
        };
        Self::nameless(Key::none(), Kind { node, absent: schema.absent })
    }

    /// These members, which the client adds: `record` calls [`absent`](crate::snapshot::Recorder::absent) for them.
    pub(crate) const fn added(members: &'static [Self]) -> Self {
        Self::nameless(Key::none(), Kind::new(Node::Added(members)))
    }

    /// Whether the client adds this member.
    pub(crate) const fn is_added(&self) -> bool {
        matches!(self.kind.node, Node::Added(_))
    }

    /// The members that replace this one when it is flattened.
    pub(crate) const fn inlined(&self) -> Option<&'static [Self]> {
        match self.kind.node {
            Node::Flatten(members) | Node::Added(members) => Some(members),
            _ => None,
        }
    }

    /// The purpose of the field, in one sentence, printed in the disclosure.
    #[must_use]
    pub const fn purpose(mut self, purpose: &'static str) -> Self {
        self.purpose = purpose;
        self
    }

    /// The same field, never absent.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.kind = self.kind.always();
        self
    }

    /// Whether the value is a flag, decided without reading nested types.
    #[inline]
    pub(crate) const fn is_flag(&self) -> bool {
        matches!(self.kind.node, Node::Flag | Node::Presence | Node::Changed)
    }

    /// An item of a list.
    pub(crate) const fn item(kind: Kind) -> Self {
        Self::nameless(Key::item(), kind)
    }

    /// A value whose key has already been written, or that has no key.
    pub(crate) const fn value(kind: Kind) -> Self {
        Self::nameless(Key::none(), kind)
    }

    const fn nameless(key: Key, kind: Kind) -> Self {
        Self { key, kind, purpose: "" }
    }
}

/// Fails the compilation when two members have the same name, including members of flattened types.
pub(crate) const fn check_names(fields: &[Field]) {
    let (mut at, mut seen) = (0, 0);
    while at < fields.len() {
        let field = &fields[at];
        let bit = if field.key.hash == 0 { u128::MAX } else { bit(field.key.hash) };
        if seen & bit != 0 {
            assert_unused(fields, at, field, field.is_added());
        }
        seen |= bit;
        at += 1;
    }
}

/// Fails the compilation when one of the fields `before` has the name of `field`, which is a member of the context if `is_added`.
const fn assert_unused(fields: &[Field], before: usize, field: &Field, is_added: bool) {
    if let Some(inner) = field.inlined() {
        let mut member = 0;
        while member < inner.len() {
            assert_unused(fields, before, &inner[member], is_added);
            member += 1;
        }
        return;
    }
    if field.key.len == 0 {
        // A flattened type that is not a group is reported as a separate error.
        return;
    }
    let mut at = 0;
    while at < before {
        if contains(&fields[at], field) {
            let name = field.key.name;
            let message = if is_added { Message::of_context(name) } else { Message::alike(name) };
            panic!("{}", message.as_str());
        }
        at += 1;
    }
}

pub(crate) const fn contains(field: &Field, other: &Field) -> bool {
    if let Some(inner) = field.inlined() {
        let mut at = 0;
        while at < inner.len() {
            if contains(&inner[at], other) {
                return true;
            }
            at += 1;
        }
        return false;
    }
    field.key.equals(&other.key)
}
