//! The walk itself: types that contain themselves are entered once, and flattened members are reported where they are sent.

use super::{At, Container, Form, Part, Place, Step, Value, Visitor, WordList};
use crate::schema::{Field, Node, Schema, Shape, Variant};

impl Schema {
    /// Reports to a visitor everything that can be sent, in wire order.
    pub fn walk<'s>(&self, visitor: &mut dyn Visitor<'s>) {
        let mut walk = Walk { visitor, parts: Vec::new(), above: Vec::new() };
        walk.node(&self.node, &Label { name: "", purpose: "", is_required: self.is_required() });
    }
}

/// Walks the part of the schema at a place.
pub(super) fn from<'s>(place: &Place<'_, 's>, at: Declared, visitor: &mut dyn Visitor<'s>) {
    let mut walk = Walk { visitor, parts: place.parts.to_vec(), above: Vec::new() };
    let label = Label { name: place.name, purpose: place.purpose, is_required: place.is_required };
    match at {
        Declared::Node(Node::Flatten(members) | Node::Added(members)) if !place.is_required => {
            walk.inside(at, &label, Container::Flatten, |walk| walk.members(members));
        }
        Declared::Node(node) => walk.node(&node, &label),
        Declared::Entry { key, value } => walk.entry_here(key, value),
        Declared::Variant { tag, variant } => walk.variant_here(tag, variant),
        Declared::FlattenVariants { tag, variants } => walk.flatten_variants_here(tag, variants, &label),
    }
}

/// A value in the schema of a type.
#[derive(Clone, Copy)]
pub(in crate::schema) enum Declared {
    Node(Node),
    /// An entry of a map.
    Entry {
        key: &'static Field,
        value: &'static Field,
    },
    /// An enum whose tag and members are those of the object around it.
    FlattenVariants {
        tag: &'static Field,
        variants: &'static [Variant],
    },
    Variant {
        tag: Option<&'static Field>,
        variant: &'static Variant,
    },
}

/// The properties of a place other than its path and its node.
struct Label<'s> {
    name: &'s str,
    purpose: &'s str,
    is_required: bool,
}

struct Walk<'v, 's> {
    visitor: &'v mut dyn Visitor<'s>,
    parts: Vec<Part<'s>>,
    /// The nested types being walked, with the lengths of their paths.
    above: Vec<(Identity, usize)>,
}

/// A nested type, or the value and the key of an entry.
type Identity = (*const (), *const Field);

impl<'s> Walk<'_, 's> {
    fn members(&mut self, members: &'static [Field]) {
        for member in members {
            match member.inlined() {
                Some(inlined) if member.kind.is_required() => self.members(inlined),
                Some(inlined) => {
                    let label = Label { name: "", purpose: member.purpose, is_required: false };
                    self.inside(Declared::Node(member.kind.node), &label, Container::Flatten, |walk| {
                        walk.members(inlined)
                    });
                }
                None if member.is_flattened() => self.flatten_variants(member),
                None => {
                    let label = Label::of(member);
                    self.at(Part::Member(member.key.name()), |walk| walk.node(&member.kind.node, &label));
                }
            }
        }
    }

    fn node(&mut self, node: &Node, label: &Label<'s>) {
        if let Some(value) = Value::of(node) {
            return self.visitor.value(&place(&self.parts, Declared::Node(*node), label), value);
        }
        match *node {
            Node::Nested(schema) => self.nested(schema(), label),
            Node::Group(members) | Node::Flatten(members) | Node::Added(members) => {
                self.inside(Declared::Node(*node), label, Container::Group, |walk| walk.members(members));
            }
            Node::List { item, max } => {
                self.list(node, label, max, |walk| walk.node(&item().kind.node, &Label::of_part()));
            }
            Node::Entries { key, value, max } => self.list(node, label, max, |walk| walk.entry(key, value.field())),
            Node::Variants { tag, variants } => {
                let container = Container::Variants { tag: tag.map(|tag| tag.key.name()) };
                self.inside(Declared::Node(*node), label, container, |walk| walk.variants(tag, variants));
            }
            // All other kinds are values.
            _ => {}
        }
    }

    fn flatten_variants(&mut self, member: &'static Field) {
        let Node::FlattenVariants { tag, variants } = member.kind.node else { return };
        self.flatten_variants_here(tag, variants, &Label::of(member));
    }

    fn flatten_variants_here(&mut self, tag: &'static Field, variants: &'static [Variant], label: &Label<'s>) {
        let container = Container::FlattenVariants { tag: tag.key.name() };
        self.inside(Declared::FlattenVariants { tag, variants }, label, container, |walk| {
            walk.variants(Some(tag), variants);
        });
    }

    fn variants(&mut self, tag: Option<&'static Field>, variants: &'static [Variant]) {
        for (at, variant) in variants.iter().enumerate() {
            let part = if is_word_sent(tag, variant) { Part::Variant(variant.word) } else { Part::Alternative(at) };
            self.at(part, |walk| walk.variant_here(tag, variant));
        }
    }

    fn nested(&mut self, schema: &'static Schema, label: &Label<'s>) {
        let identity = (core::ptr::from_ref(schema).cast(), core::ptr::null());
        self.once(identity, &schema.node, label, |walk| walk.node(&schema.node, label));
    }

    /// Walks a type, unless it is already being walked.
    fn once(&mut self, identity: Identity, node: &Node, label: &Label<'s>, walk: impl FnOnce(&mut Self)) {
        if let Some((_, length)) = self.above.iter().find(|(above, _)| *above == identity) {
            let above = self.parts.get(..*length).unwrap_or_default();
            let at = Declared::Node(self.behind(*node));
            return self.visitor.recursion(&place(&self.parts, at, label), above);
        }
        self.above.push((identity, self.parts.len()));
        walk(self);
        self.above.pop();
    }

    /// The node that a type stands for. A type that stands for itself alone stays nested.
    fn behind(&self, mut node: Node) -> Node {
        for _ in &self.above {
            match node {
                Node::Nested(schema) => node = schema().node,
                _ => break,
            }
        }
        node
    }

    fn list(&mut self, node: &Node, label: &Label<'s>, max: u32, item: impl FnOnce(&mut Self)) {
        self.inside(Declared::Node(*node), label, Container::List { max }, |walk| walk.at(Part::Item, item));
    }

    fn entry(&mut self, key: &'static Field, value: &'static Field) {
        let node = Node::Group(core::slice::from_ref(value));
        self.once((core::ptr::from_ref(value).cast(), key), &node, &Label::of_part(), |walk| {
            walk.entry_here(key, value)
        });
    }

    /// An entry of a map: an object with the key as its first member.
    fn entry_here(&mut self, key: &'static Field, value: &'static Field) {
        self.inside(Declared::Entry { key, value }, &Label::of_part(), Container::Group, |walk| {
            walk.members(core::slice::from_ref(key));
            walk.members(core::slice::from_ref(value));
        });
    }

    fn variant_here(&mut self, tag: Option<&'static Field>, variant: &'static Variant) {
        let form = match (&variant.shape, tag) {
            (Shape::Unit, None) => Form::Word,
            (Shape::Value(_), None) => Form::Value,
            _ => Form::Object,
        };
        let word = if is_word_sent(tag, variant) { variant.word } else { "" };
        let container = Container::Variant { word, form };
        self.inside(Declared::Variant { tag, variant }, &Label::of_part(), container, |walk| {
            walk.members(tag.map(core::slice::from_ref).unwrap_or_default());
            match variant.shape {
                Shape::Unit => {}
                Shape::Value(ref value) => {
                    walk.node(&value.kind.node, &Label { is_required: true, ..Label::of(value) });
                }
                Shape::Group(members) => walk.members(members),
            }
        });
    }

    fn inside(&mut self, at: Declared, label: &Label<'s>, container: Container<'s>, walk: impl FnOnce(&mut Self)) {
        if self.visitor.enter(&place(&self.parts, at, label), container) == Step::Into {
            walk(self);
            self.visitor.leave(&place(&self.parts, at, label), container);
        }
    }

    fn at(&mut self, part: Part<'s>, walk: impl FnOnce(&mut Self)) {
        self.parts.push(part);
        walk(self);
        self.parts.pop();
    }
}

/// Whether the word of a variant is ever sent.
const fn is_word_sent(tag: Option<&Field>, variant: &Variant) -> bool {
    tag.is_some() || matches!(variant.shape, Shape::Unit)
}

const fn place<'w, 's>(parts: &'w [Part<'s>], at: Declared, label: &Label<'s>) -> Place<'w, 's> {
    let Label { name, purpose, is_required } = *label;
    Place { parts, name, purpose, is_required, at: At::Declared(at) }
}

impl Label<'_> {
    fn of(field: &'static Field) -> Self {
        Self { name: field.key.name(), purpose: field.purpose, is_required: field.kind.is_required() }
    }

    /// A list item or a variant, which has no name.
    const fn of_part() -> Self {
        Self { name: "", purpose: "", is_required: true }
    }
}

impl Value<'_> {
    pub(in crate::schema) const fn of(node: &Node) -> Option<Self> {
        Some(match *node {
            Node::Flag => Self::Flag,
            Node::Presence => Self::Presence,
            Node::Changed => Self::Changed,
            Node::Count { max } => Self::Count { max },
            Node::Number { min, max, unit, digits } => Self::Number { min, max, unit, digits },
            Node::Bucket { edges, unit } => Self::Bucket { edges, unit },
            Node::Tag(words) => Self::Tag { words: WordList::declared(words) },
            Node::Tags { words, max, is_set: false } => Self::Tags { words: WordList::declared(words), max },
            Node::Tags { words, max, is_set: true } => Self::Set { words: WordList::declared(words), max },
            Node::Version => Self::Version,
            _ => return None,
        })
    }
}
