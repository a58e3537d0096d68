//! A member of a group.

use telemetry_spec::name;

use super::Kind;
use super::check::check_flattened;
use super::kind::Node;
use super::message::Message;
use super::name::Key;
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
    #[track_caller]
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        let Some(key) = Key::member(name) else {
            panic!("{}", name::RULE);
        };
        Self { key, kind, purpose: "" }
    }

    /// The members of `T`, which is a group or an enum under a tag, in place of this one.
    ///
    /// # Compile errors
    ///
    /// In a constant, a `T` that is not sent as an object does not compile.
    #[must_use]
    #[track_caller]
    pub const fn flatten<T: HasSchema + ?Sized>() -> Self {
        let members = Self::members(&T::SCHEMA);
        check_flattened(&members);
        members
    }

    /// The members of a schema. If there are none, the derive reports it at the type.
    pub(crate) const fn members(schema: &Schema) -> Self {
        let node = match schema.node {
            Node::Group(members) => Node::Flatten(members),
            Node::Variants { tag: Some(tag), variants } => Node::FlattenVariants { tag, variants },
            node => node,
        };
        Self::nameless(Key::none(), Kind { node, absent: schema.absent })
    }

    /// The members of `T` if it is sent as an object, or else `T` as the member `value`.
    pub(crate) const fn beside<T: HasSchema + ?Sized>() -> Self {
        let members = Self::members(&T::SCHEMA);
        if members.is_flattened() { members } else { Self { key: VALUE, kind: T::KIND.kind(), purpose: "" } }
    }

    /// These members, which the client adds: `record` calls [`absent`](crate::snapshot::Recorder::absent) for them.
    pub(crate) const fn added(members: &'static [Self]) -> Self {
        Self::nameless(Key::none(), Kind::new(Node::Added(members)))
    }

    /// Whether the client adds this member.
    pub(crate) const fn is_added(&self) -> bool {
        matches!(self.kind.node, Node::Added(_))
    }

    /// Whether members stand in place of this one.
    pub(crate) const fn is_flattened(&self) -> bool {
        matches!(self.kind.node, Node::Flatten(_) | Node::Added(_) | Node::FlattenVariants { .. })
    }

    /// The members that replace this one, unless they depend on a variant.
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

/// The key of a value that stands beside a tag or a map's key.
const VALUE: Key = match Key::member(name::VALUE) {
    Some(key) => key,
    None => panic!("the name of a value is well-formed"),
};

/// Fails the compilation when two members have the same name, including members of flattened types.
#[track_caller]
pub(crate) const fn check_names(fields: &[Field]) {
    let (mut at, mut seen) = (0, 0);
    while at < fields.len() {
        let field = &fields[at];
        // Flattened members, whose names are many, have no name of their own.
        let bit = match field.key.bit() {
            Some(bit) => bit,
            None => u128::MAX,
        };
        // It panics here, not in a function of its own: the compiler's message would list that function.
        if seen & bit != 0
            && let Some(name) = used(fields, at)
        {
            let message = match field.kind.node {
                Node::Added(_) => Message::of_added(name),
                Node::Flatten(_) | Node::FlattenVariants { .. } => Message::of_flattened(name),
                _ => Message::alike(name),
            };
            panic!("{}", message.as_str());
        }
        seen |= bit;
        at += 1;
    }
}

/// The name of the field at this index, or of a member in its place, if one of the fields before it has the same one.
pub(super) const fn used(fields: &[Field], at: usize) -> Option<&str> {
    used_before(fields, at, &fields[at])
}

/// The name of `field`, or of a member in its place, if one of the fields `before` has it as well.
const fn used_before<'f>(fields: &[Field], before: usize, field: &'f Field) -> Option<&'f str> {
    match field.kind.node {
        Node::Flatten(inner) | Node::Added(inner) => return any_used(fields, before, inner),
        Node::FlattenVariants { tag, variants } => {
            let (mut name, mut at) = (used_before(fields, before, tag), 0);
            while name.is_none() && at < variants.len() {
                name = any_used(fields, before, variants[at].members());
                at += 1;
            }
            return name;
        }
        _ => {}
    }
    if field.key.is_none() {
        // A flattened type that is not a group is reported as a separate error.
        return None;
    }
    let mut at = 0;
    while at < before {
        if contains(&fields[at], field) {
            return Some(field.key.name());
        }
        at += 1;
    }
    None
}

const fn any_used<'f>(fields: &[Field], before: usize, members: &'f [Field]) -> Option<&'f str> {
    let (mut name, mut at) = (None, 0);
    while name.is_none() && at < members.len() {
        name = used_before(fields, before, &members[at]);
        at += 1;
    }
    name
}

/// Whether the field, or a member in its place, has the name of `other`.
pub(crate) const fn contains(field: &Field, other: &Field) -> bool {
    match field.kind.node {
        Node::Flatten(inner) | Node::Added(inner) => has_member(inner, other),
        Node::FlattenVariants { tag, variants } => {
            let mut at = 0;
            while at < variants.len() {
                if has_member(variants[at].members(), other) {
                    return true;
                }
                at += 1;
            }
            tag.key.equals(&other.key)
        }
        _ => field.key.equals(&other.key),
    }
}

/// Whether one of the members has the name of `other`.
pub(crate) const fn has_member(members: &[Field], other: &Field) -> bool {
    let mut at = 0;
    while at < members.len() {
        // Flattened members have no name of their own. A recording asks, so the names themselves are rarely compared.
        let len = members[at].key.len();
        if (len == other.key.len() || len == 0) && contains(&members[at], other) {
            return true;
        }
        at += 1;
    }
    false
}
