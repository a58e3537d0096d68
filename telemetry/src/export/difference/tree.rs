//! A schema as a tree, in which both sides of a comparison can be followed at once.

use std::collections::BTreeSet;

use crate::schema::walk::{AnySchema, Container, Form, Part, Place, Step, Value, Visitor};

/// The values of a schema; the first one is the whole.
#[derive(Default)]
pub(super) struct Tree<'s>(Vec<Node<'s>>);

/// One value.
pub(super) struct Node<'s> {
    pub(super) parts: Vec<Part<'s>>,
    pub(super) is_required: bool,
    pub(super) bits: u64,
    pub(super) is: Is<'s>,
    /// The tag of a flattened enum, which stands in an object without a name of its own.
    flattened: Option<&'s str>,
}

impl<'s> Node<'s> {
    /// The path under which it is told: a flattened enum has the path of its tag.
    pub(super) fn told(&self) -> Vec<Part<'s>> {
        self.parts.iter().copied().chain(self.flattened.map(Part::Member)).collect()
    }
}

pub(super) enum Is<'s> {
    Value(Value<'s>),
    Object(Object<'s>),
    List {
        max: u32,
        item: Option<usize>,
    },
    Variants {
        tag: Option<&'s str>,
        variants: Vec<Alternative<'s>>,
    },
    /// The same as the value with this index.
    Same(usize),
}

/// A variant, and the index of the value or the object that it holds.
pub(super) struct Alternative<'s> {
    /// Its word, or its number if its word is never sent.
    pub(super) part: Part<'s>,
    pub(super) form: Form,
    pub(super) holds: Option<usize>,
    pub(super) bits: u64,
}

/// An object, without the tag of a variant.
#[derive(Default)]
pub(super) struct Object<'s> {
    pub(super) members: Vec<(&'s str, usize)>,
    required: Vec<&'s str>,
    /// Groups of members that are only present together.
    together: Vec<Together<'s>>,
}

#[derive(Default)]
struct Together<'s> {
    all: Vec<&'s str>,
    required: Vec<&'s str>,
}

impl<'s> Object<'s> {
    pub(super) fn member(&self, name: &str) -> Option<usize> {
        self.members.iter().find(|(known, _)| *known == name).map(|(_, index)| *index)
    }

    /// The members that are present if those of `first` are.
    pub(super) fn present(&self, first: Option<&'s str>) -> BTreeSet<&'s str> {
        let mut present: BTreeSet<&str> = self.required.iter().copied().chain(first).collect();
        loop {
            let before = present.len();
            for together in &self.together {
                if together.all.iter().any(|name| present.contains(name)) {
                    present.extend(&together.required);
                }
            }
            if present.len() == before {
                return present;
            }
        }
    }
}

impl<'s> Tree<'s> {
    pub(super) fn of(schema: impl AnySchema<'s>) -> Self {
        let mut planter = Planter { tree: Self::default(), open: Vec::new() };
        schema.report(&mut planter);
        planter.tree
    }

    /// The value with this index, or the one that it is the same as.
    pub(super) fn at(&self, index: usize) -> Option<(usize, &Node<'s>)> {
        let node = self.0.get(index)?;
        match node.is {
            Is::Same(other) => self.0.get(other).map(|node| (other, node)),
            _ => Some((index, node)),
        }
    }

    /// The value with this index, where it is.
    pub(super) fn place(&self, index: usize) -> Option<&Node<'s>> {
        self.0.get(index)
    }
}

/// A visitor that makes the tree.
struct Planter<'s> {
    tree: Tree<'s>,
    open: Vec<Open>,
}

/// An open container.
enum Open {
    /// The value with this index.
    Node(usize),
    /// A group within the object: the index of the object, and the number of the group.
    Together(usize, usize),
    /// The last variant of the enum with this index, which holds a value.
    Alternative(usize),
    /// A tagged variant whose tag is still to come: the index of its object.
    Tagged(usize),
}

impl<'s> Planter<'s> {
    fn add(&mut self, place: &Place<'_, 's>, is: Is<'s>, flattened: Option<&'s str>) -> usize {
        let index = self.tree.0.len();
        let (parts, is_required, bits) = (place.parts().to_vec(), place.is_required(), place.bits());
        self.tree.0.push(Node { parts, is_required, bits, is, flattened });
        self.attach(place, index);
        index
    }

    /// Tells the innermost container that it holds this value.
    fn attach(&mut self, place: &Place<'_, 's>, index: usize) {
        let name = self.tree.0.get(index).and_then(|node| node.flattened).unwrap_or(place.name());
        let is_required = place.is_required();
        match self.open.last() {
            Some(Open::Node(around)) => match self.tree.0.get_mut(*around).map(|node| &mut node.is) {
                Some(Is::Object(object)) => {
                    object.members.push((name, index));
                    if is_required {
                        object.required.push(name);
                    }
                }
                Some(Is::List { item, .. }) => *item = Some(index),
                _ => {}
            },
            Some(Open::Together(around, number)) => {
                let enclosing: Vec<usize> = self
                    .open
                    .iter()
                    .filter_map(|open| match open {
                        Open::Together(of, number) if of == around => Some(*number),
                        _ => None,
                    })
                    .collect();
                let (around, number) = (*around, *number);
                let Some(Is::Object(object)) = self.tree.0.get_mut(around).map(|node| &mut node.is) else { return };
                object.members.push((name, index));
                for number in enclosing {
                    if let Some(together) = object.together.get_mut(number) {
                        together.all.push(name);
                    }
                }
                if let Some(together) = object.together.get_mut(number).filter(|_| is_required) {
                    together.required.push(name);
                }
            }
            Some(Open::Alternative(around)) => {
                if let Some(Is::Variants { variants, .. }) = self.tree.0.get_mut(*around).map(|node| &mut node.is)
                    && let Some(variant) = variants.last_mut()
                {
                    variant.holds = Some(index);
                }
            }
            Some(Open::Tagged(_)) | None => {}
        }
    }

    /// The index of the innermost object.
    fn object(&self) -> Option<usize> {
        self.open.iter().rev().find_map(|open| match open {
            Open::Node(index) | Open::Together(index, _) | Open::Tagged(index) => Some(*index),
            Open::Alternative(_) => None,
        })
    }

    fn variant(&mut self, place: &Place<'_, 's>, word: &'s str, form: Form) {
        let Some(Open::Node(around)) = self.open.last() else { return };
        let around = *around;
        let Some(Is::Variants { tag, variants }) = self.tree.0.get_mut(around).map(|node| &mut node.is) else { return };
        let is_tagged = tag.is_some();
        let part = if word.is_empty() { Part::Alternative(variants.len()) } else { Part::Variant(word) };
        variants.push(Alternative { part, form, holds: None, bits: place.bits() });
        self.open.push(Open::Alternative(around));
        if form == Form::Object {
            let object = self.add(place, Is::Object(Object::default()), None);
            self.open.pop();
            self.open.push(if is_tagged { Open::Tagged(object) } else { Open::Node(object) });
        }
    }
}

impl<'s> Visitor<'s> for Planter<'s> {
    fn value(&mut self, place: &Place<'_, 's>, value: Value<'s>) {
        if let Some(open) = self.open.last_mut()
            && let Open::Tagged(object) = *open
        {
            *open = Open::Node(object);
            return;
        }
        self.add(place, Is::Value(value), None);
    }

    fn enter(&mut self, place: &Place<'_, 's>, container: Container<'s>) -> Step {
        let is = match container {
            Container::Group => Is::Object(Object::default()),
            Container::List { max } => Is::List { max, item: None },
            Container::Variants { tag } => Is::Variants { tag, variants: Vec::new() },
            // It takes the place of its tag.
            Container::FlattenVariants { tag } => Is::Variants { tag: Some(tag), variants: Vec::new() },
            Container::Variant { word, form } => {
                self.variant(place, word, form);
                return Step::Into;
            }
            Container::Flatten => {
                let around = self.object().unwrap_or_default();
                let mut number = 0;
                if let Some(Is::Object(object)) = self.tree.0.get_mut(around).map(|node| &mut node.is) {
                    number = object.together.len();
                    object.together.push(Together::default());
                }
                self.open.push(Open::Together(around, number));
                return Step::Into;
            }
        };
        let flattened = if let Container::FlattenVariants { tag } = container { Some(tag) } else { None };
        let index = self.add(place, is, flattened);
        self.open.push(Open::Node(index));
        Step::Into
    }

    fn leave(&mut self, _: &Place<'_, 's>, _: Container<'s>) {
        self.open.pop();
    }

    fn recursion(&mut self, place: &Place<'_, 's>, above: &[Part<'s>]) {
        // The variant at the path of a type is not that type.
        let begins = self.open.iter().find_map(|open| match open {
            Open::Node(index) => self.tree.0.get(*index).filter(|node| node.parts == above).map(|_| *index),
            _ => None,
        });
        if let Some(index) = begins {
            self.add(place, Is::Same(index), None);
        }
    }
}
