//! The walk itself: types that contain themselves are entered once, and flattened members are reported where they are sent.

use super::{Container, Form, Part, Place, Step, Value, Visitor};
use crate::schema::{Field, Node, Schema, Shape, Variant};

impl Schema {
    /// Reports to a visitor everything that can be sent, in wire order.
    pub fn walk(&self, visitor: &mut dyn Visitor) {
        let mut walk = Walk { visitor, parts: Vec::new(), above: Vec::new() };
        walk.node(&self.node, &Label { name: "", purpose: "", is_required: self.is_required() });
    }
}

/// Walks the part of the schema at a place.
pub(super) fn from(place: &Place<'_>, visitor: &mut dyn Visitor) {
    let mut walk = Walk { visitor, parts: place.parts.to_vec(), above: Vec::new() };
    walk.node(&place.node, &Label { name: place.name, purpose: place.purpose, is_required: place.is_required });
}

/// The properties of a place other than its path and its node.
struct Label {
    name: &'static str,
    purpose: &'static str,
    is_required: bool,
}

struct Walk<'v> {
    visitor: &'v mut dyn Visitor,
    parts: Vec<Part>,
    /// The nested types being walked, with the lengths of their paths.
    above: Vec<(Identity, usize)>,
}

/// A nested type, and its key if it is an entry of a map.
type Identity = (*const Schema, *const Field);

impl Walk<'_> {
    fn members(&mut self, members: &'static [Field]) {
        for member in members {
            match member.inlined() {
                Some(inlined) if member.kind.is_required() => self.members(inlined),
                Some(inlined) => {
                    let label = Label { name: "", purpose: member.purpose, is_required: false };
                    self.inside(&member.kind.node, &label, Container::Flatten, |walk| walk.members(inlined));
                }
                None => {
                    let label = Label::of(member);
                    self.at(Part::Member(member.key.name), |walk| walk.node(&member.kind.node, &label));
                }
            }
        }
    }

    fn node(&mut self, node: &Node, label: &Label) {
        if let Some(value) = Value::of(node) {
            return self.visitor.value(&place(&self.parts, node, label), value);
        }
        match *node {
            Node::Nested(schema) => self.nested(schema(), label),
            Node::Group(members) | Node::Flatten(members) | Node::Added(members) => {
                self.inside(node, label, Container::Group, |walk| walk.members(members));
            }
            Node::List { item, max } => {
                self.list(node, label, max, |walk| walk.node(&item().kind.node, &Label::of_part()));
            }
            Node::Entries { key, value, max } => self.list(node, label, max, |walk| walk.entry(key, value())),
            Node::Variants { tag, variants } => {
                let container = Container::Variants { tag: tag.map(|tag| tag.key.name) };
                self.inside(node, label, container, |walk| {
                    for variant in variants {
                        walk.variant(node, tag, variant);
                    }
                });
            }
            // All other kinds are values.
            _ => {}
        }
    }

    fn nested(&mut self, schema: &'static Schema, label: &Label) {
        let identity = (core::ptr::from_ref(schema), core::ptr::null());
        self.once(identity, &schema.node, label, |walk| walk.node(&schema.node, label));
    }

    /// Walks a type, unless it is already being walked.
    fn once(&mut self, identity: Identity, node: &Node, label: &Label, walk: impl FnOnce(&mut Self)) {
        if let Some((_, length)) = self.above.iter().find(|(above, _)| *above == identity) {
            let above = self.parts.get(..*length).unwrap_or_default();
            return self.visitor.recursion(&place(&self.parts, node, label), above);
        }
        self.above.push((identity, self.parts.len()));
        walk(self);
        self.above.pop();
    }

    fn list(&mut self, node: &Node, label: &Label, max: u32, item: impl FnOnce(&mut Self)) {
        self.inside(node, label, Container::List { max }, |walk| walk.at(Part::Item, item));
    }

    /// An entry of a map: an object with the key as its first member.
    fn entry(&mut self, key: &'static Field, value: &'static Schema) {
        let Node::Group(members) = value.node else { return };
        let label = Label::of_part();
        self.once((value, key), &value.node, &label, |walk| {
            walk.inside(&value.node, &label, Container::Group, |walk| {
                walk.members(core::slice::from_ref(key));
                walk.members(members);
            });
        });
    }

    fn variant(&mut self, node: &Node, tag: Option<&'static Field>, variant: &'static Variant) {
        let form = match (&variant.shape, tag) {
            (Shape::Unit, None) => Form::Word,
            (Shape::Value(_), None) => Form::Value,
            _ => Form::Object,
        };
        self.at(Part::Variant(variant.word), |walk| {
            walk.inside(node, &Label::of_part(), Container::Variant { word: variant.word, form }, |walk| {
                walk.members(tag.map(core::slice::from_ref).unwrap_or_default());
                match variant.shape {
                    Shape::Unit => {}
                    Shape::Value(ref value) => {
                        walk.node(&value.kind.node, &Label { is_required: true, ..Label::of(value) });
                    }
                    Shape::Group(members) => walk.members(members),
                }
            });
        });
    }

    fn inside(&mut self, node: &Node, label: &Label, container: Container, walk: impl FnOnce(&mut Self)) {
        if self.visitor.enter(&place(&self.parts, node, label), container) == Step::Into {
            walk(self);
            self.visitor.leave(&place(&self.parts, node, label), container);
        }
    }

    fn at(&mut self, part: Part, walk: impl FnOnce(&mut Self)) {
        self.parts.push(part);
        walk(self);
        self.parts.pop();
    }
}

const fn place<'w>(parts: &'w [Part], node: &Node, label: &Label) -> Place<'w> {
    Place { parts, name: label.name, purpose: label.purpose, node: *node, is_required: label.is_required }
}

impl Label {
    fn of(field: &Field) -> Self {
        Self { name: field.key.name, purpose: field.purpose, is_required: field.kind.is_required() }
    }

    /// A list item or a variant, which has no name.
    const fn of_part() -> Self {
        Self { name: "", purpose: "", is_required: true }
    }
}

impl Value {
    pub(super) const fn of(node: &Node) -> Option<Self> {
        Some(match *node {
            Node::Flag => Self::Flag,
            Node::Presence => Self::Presence,
            Node::Changed => Self::Changed,
            Node::Count { max } => Self::Count { max },
            Node::Number { min, max, unit, digits } => Self::Number { min, max, unit, digits },
            Node::Bucket { edges, unit, .. } => Self::Bucket { edges, unit },
            Node::Tag(words) => Self::Tag { words },
            Node::Tags { words, max, is_set: false } => Self::Tags { words, max },
            Node::Tags { words, max, is_set: true } => Self::Set { words, max },
            Node::Version => Self::Version,
            _ => return None,
        })
    }
}
