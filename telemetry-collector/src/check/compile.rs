//! From a schema to the program that checks it.

use telemetry::schema::Released;
use telemetry::schema::walk::{Container, Form, Part, Path, Place, Step, Value, Visitor, WordList};

use super::begins;
use super::program::{
    Alternative, Begins, Bounds, Check, Choice, Item, Keep, Key, Node, NodeId, Object, Program, Untagged, Words,
};

/// The program of a schema. It keeps nothing yet; [`columns`](super::columns) decides what is kept.
pub(super) fn compile(schema: &Released) -> Program {
    let mut compiler =
        Compiler { program: Program { nodes: Vec::new(), root: 0, is_required: true }, open: vec![Open::Root] };
    schema.walk(&mut compiler);
    let mut program = compiler.program;
    if program.nodes.is_empty() {
        program.nodes.push(Node { path: String::new(), check: Check::Never, keep: Keep::Nothing });
    }
    begins::fill(&mut program.nodes);
    program
}

struct Compiler {
    program: Program,
    /// The containers around the place, innermost last.
    open: Vec<Open>,
}

/// A container that is being compiled.
enum Open {
    Root,
    Object {
        node: NodeId,
        /// The length of its path.
        length: usize,
        is_item: bool,
        items: Vec<Item>,
    },
    Together(Vec<Item>),
    List {
        node: NodeId,
        length: usize,
        item: Option<NodeId>,
    },
    /// An enum with a tag, which is the node.
    Tagged {
        node: NodeId,
        length: usize,
        tag: NodeId,
        name: String,
        words: Vec<String>,
        variants: Vec<Vec<Item>>,
    },
    /// The same in the object around it.
    Beside {
        tag: NodeId,
        name: String,
        words: Vec<String>,
        variants: Vec<Vec<Item>>,
    },
    Untagged {
        node: NodeId,
        length: usize,
        words: Vec<String>,
        others: Vec<NodeId>,
    },
    /// A variant of one of the two enums with a tag.
    Case {
        items: Vec<Item>,
        is_tag_next: bool,
    },
    /// A variant with one value.
    Form(Option<NodeId>),
}

impl Compiler {
    fn add(&mut self, path: String, check: Check) -> NodeId {
        self.program.nodes.push(Node { path, check, keep: Keep::Nothing });
        self.program.nodes.len() - 1
    }

    fn add_at(&mut self, place: &Place<'_, '_>, check: Check) -> NodeId {
        self.add(place.path().to_string(), check)
    }

    fn set(&mut self, node: NodeId, check: Check) {
        if let Some(node) = self.program.nodes.get_mut(node) {
            node.check = check;
        }
    }

    /// Adds a finished node to its container.
    fn put(&mut self, place: &Place<'_, '_>, node: NodeId) {
        let member = || Item::Member { key: Key::new(place.name()), node, is_required: place.is_required() };
        match self.open.last_mut() {
            Some(Open::Root) => {
                self.program.root = node;
                self.program.is_required = place.is_required();
            }
            Some(Open::Object { items, .. } | Open::Together(items) | Open::Case { items, .. }) => items.push(member()),
            Some(Open::List { item: slot, .. } | Open::Form(slot)) => *slot = Some(node),
            Some(Open::Tagged { .. } | Open::Beside { .. } | Open::Untagged { .. }) | None => {}
        }
    }

    fn put_item(&mut self, item: Item) {
        if let Some(Open::Object { items, .. } | Open::Together(items) | Open::Case { items, .. }) =
            self.open.last_mut()
        {
            items.push(item);
        }
    }

    fn enter_variants(&mut self, place: &Place<'_, '_>, tag: Option<&str>) -> Open {
        let node = self.add_at(place, Check::Never);
        let length = place.parts().len();
        match tag {
            None => Open::Untagged { node, length, words: Vec::new(), others: Vec::new() },
            Some(name) => {
                let tag = self.add_tag(place, name);
                Open::Tagged { node, length, tag, name: name.to_owned(), words: Vec::new(), variants: Vec::new() }
            }
        }
    }

    fn add_tag(&mut self, place: &Place<'_, '_>, name: &str) -> NodeId {
        let parts = [place.parts(), &[Part::Member(name)]].concat();
        self.add(Path::of(&parts).to_string(), Check::Never)
    }

    fn enter_variant(&mut self, place: &Place<'_, '_>, variant: &str, form: Form) -> Open {
        match (self.open.last_mut(), form) {
            (Some(Open::Untagged { words, .. }), Form::Word) => {
                words.push(variant.to_owned());
                Open::Form(None)
            }
            (Some(Open::Untagged { .. }), Form::Object) => Open::Object {
                node: self.add_at(place, Check::Never),
                length: usize::MAX,
                is_item: false,
                items: Vec::new(),
            },
            (Some(Open::Tagged { words, .. } | Open::Beside { words, .. }), _) => {
                words.push(variant.to_owned());
                Open::Case { items: Vec::new(), is_tag_next: true }
            }
            _ => Open::Form(None),
        }
    }

    /// Adds a finished variant to its enum.
    fn put_variant(&mut self, variant: Open) {
        let alternative = match variant {
            Open::Case { items, .. } => {
                if let Some(Open::Tagged { variants, .. } | Open::Beside { variants, .. }) = self.open.last_mut() {
                    variants.push(items);
                }
                return;
            }
            Open::Object { node, items, .. } => {
                self.set(node, Check::Object(Object { items, is_level: false }));
                Some(node)
            }
            Open::Form(value) => value,
            _ => None,
        };
        if let (Some(Open::Untagged { others, .. }), Some(node)) = (self.open.last_mut(), alternative) {
            others.push(node);
        }
    }

    /// Ends a container other than a variant. Returns its node, if it has one.
    fn end(&mut self, place: &Place<'_, '_>, open: Open) -> Option<NodeId> {
        match open {
            Open::Object { node, is_item, items, .. } => {
                // An entry of a map looks like this, and some items of other lists do.
                let is_level = !(is_item && self.begins_with_a_tag(&items));
                self.set(node, Check::Object(Object { items, is_level }));
                Some(node)
            }
            Open::Together(items) => {
                self.put_item(Item::Together(items));
                None
            }
            Open::Tagged { node, tag, name, words, variants, .. } => {
                self.set(tag, Check::Word(Words::new(words)));
                self.set(node, Check::Tagged(Choice { key: Key::new(&name), tag, variants }));
                Some(node)
            }
            Open::Beside { tag, name, words, variants } => {
                self.set(tag, Check::Word(Words::new(words)));
                let choice = Choice { key: Key::new(&name), tag, variants };
                self.put_item(Item::Choice { choice, is_required: place.is_required() });
                None
            }
            Open::Untagged { node, words, others, .. } => {
                let others = others.into_iter().map(|node| Alternative { node, begins: Begins::NOTHING }).collect();
                let words = Words::new(words);
                self.set(node, Check::Untagged(Untagged { words, others }));
                Some(node)
            }
            Open::Root | Open::List { .. } | Open::Case { .. } | Open::Form(_) => None,
        }
    }

    fn begins_with_a_tag(&self, items: &[Item]) -> bool {
        let first = match items.first() {
            Some(Item::Member { node, .. }) => self.program.nodes.get(*node),
            _ => None,
        };
        matches!(first, Some(Node { check: Check::Word(_), .. }))
    }

    /// The node of the type that began at a path of this length.
    fn above(&self, above: usize) -> Option<NodeId> {
        self.open.iter().find_map(|open| match open {
            Open::Object { node, length, .. }
            | Open::List { node, length, .. }
            | Open::Tagged { node, length, .. }
            | Open::Untagged { node, length, .. }
                if *length == above =>
            {
                Some(*node)
            }
            _ => None,
        })
    }
}

fn texts(words: WordList<'_>) -> Words {
    Words::new(words.iter().map(str::to_owned).collect())
}

fn check(value: Value<'_>) -> Check {
    if let Some((min, max)) = value.bounds() {
        let digits = if let Value::Number { digits, .. } = value { digits } else { 0 };
        return Check::Integer(Bounds { min, max, digits });
    }
    match value {
        Value::Flag | Value::Presence | Value::Changed => Check::Flag,
        Value::Bucket { .. } => Check::Word(Words::new(value.texts())),
        Value::Tag { words } => Check::Word(texts(words)),
        Value::Tags { words, max } => Check::Words { words: texts(words), max, is_set: false },
        Value::Set { words, max } => Check::Words { words: texts(words), max, is_set: true },
        Value::Version => Check::Version,
        // A kind that a later version of the core adds. Nothing of it is accepted before it is added here.
        _ => Check::Never,
    }
}

impl<'s> Visitor<'s> for Compiler {
    fn value(&mut self, place: &Place<'_, 's>, value: Value<'s>) {
        // The tag is part of the choice.
        if let Some(Open::Case { is_tag_next, .. }) = self.open.last_mut()
            && std::mem::take(is_tag_next)
        {
            return;
        }
        let node = self.add_at(place, check(value));
        self.put(place, node);
    }

    fn enter(&mut self, place: &Place<'_, 's>, container: Container<'s>) -> Step {
        let length = place.parts().len();
        let open = match container {
            Container::Group => Open::Object {
                node: self.add_at(place, Check::Never),
                length,
                is_item: matches!(place.parts(), [.., Part::Item]),
                items: Vec::new(),
            },
            Container::Flatten => Open::Together(Vec::new()),
            Container::List { .. } => Open::List { node: self.add_at(place, Check::Never), length, item: None },
            Container::Variants { tag } => self.enter_variants(place, tag),
            Container::FlattenVariants { tag } => Open::Beside {
                tag: self.add_tag(place, tag),
                name: tag.to_owned(),
                words: Vec::new(),
                variants: Vec::new(),
            },
            Container::Variant { word, form } => self.enter_variant(place, word, form),
            // A container that a later version of the core adds.
            _ => return Step::Over,
        };
        self.open.push(open);
        Step::Into
    }

    fn leave(&mut self, place: &Place<'_, 's>, container: Container<'s>) {
        let Some(open) = self.open.pop() else { return };
        match (open, container) {
            (variant, Container::Variant { .. }) => self.put_variant(variant),
            (Open::List { node, item, .. }, Container::List { max }) => {
                let item = item.unwrap_or_else(|| self.add_at(place, Check::Never));
                self.set(node, Check::List { item, max });
                self.put(place, node);
            }
            (open, _) => {
                if let Some(node) = self.end(place, open) {
                    self.put(place, node);
                }
            }
        }
    }

    fn recursion(&mut self, place: &Place<'_, 's>, above: &[Part<'s>]) {
        // A variant whose value is the enum itself adds nothing to what the enum can be.
        let since = place.parts().get(above.len()..).unwrap_or_default();
        let is_itself = since.iter().all(|part| matches!(part, Part::Variant(_) | Part::Alternative(_)));
        let target = self.above(above.len()).filter(|_| !is_itself);
        let node = self.add_at(place, target.map_or(Check::Never, Check::Same));
        self.put(place, node);
    }
}
