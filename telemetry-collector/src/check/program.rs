//! The compact form of a schema that a payload is checked against.

use super::Fault;

/// The index of a node.
pub(super) type NodeId = usize;

/// A schema, ready for checking. Its nodes form a tree, except for [`Check::Same`].
#[derive(Debug)]
pub(super) struct Program {
    pub(super) nodes: Vec<Node>,
    pub(super) root: NodeId,
    /// Whether the whole value is never absent; an absent one is sent as `null`.
    pub(super) is_required: bool,
}

impl Program {
    /// The path of a node.
    pub(super) fn path(&self, node: NodeId) -> &str {
        self.nodes.get(node).map_or("", |node| &node.path)
    }

    /// Whether the whole value is always an object.
    pub(super) fn is_object(&self) -> bool {
        let root = self.nodes.get(self.root).map(|node| &node.check);
        self.is_required && matches!(root, Some(Check::Object(_)))
    }

    /// The names of members, words and labels. Some are there more than once.
    pub(super) fn texts(&self) -> Vec<&str> {
        let mut texts = Vec::new();
        for node in &self.nodes {
            node.check.add_texts(&mut texts);
        }
        texts
    }
}

/// A place of the schema.
#[derive(Debug)]
pub(super) struct Node {
    /// Its path, as reasons state it.
    pub(super) path: String,
    pub(super) check: Check,
    pub(super) keep: Keep,
}

/// What is kept of a value outside of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// Nothing; for a container, only what it holds.
    Nothing,
    /// The value, or for an object that it is there, in this column.
    Value(usize),
    /// The whole value as JSON, in this column.
    Json(usize),
}

/// What can be sent at a place.
#[derive(Debug)]
pub(super) enum Check {
    Flag,
    Integer(Bounds),
    /// A word or a label.
    Word(Words),
    /// A list of words.
    Words {
        words: Words,
        max: u32,
        is_set: bool,
    },
    Version,
    Object(Object),
    List {
        item: NodeId,
        max: u32,
    },
    /// An object that names its variant.
    Tagged(Choice),
    /// One of several forms, the first that fits.
    Untagged(Untagged),
    /// The same as another node, within which this one is.
    Same(NodeId),
    /// Nothing.
    Never,
}

impl Check {
    fn add_texts<'c>(&'c self, texts: &mut Vec<&'c str>) {
        match self {
            Self::Word(words) | Self::Words { words, .. } | Self::Untagged(Untagged { words, .. }) => {
                texts.extend(words.texts().iter().map(String::as_str));
            }
            Self::Object(object) => add_names(&object.items, texts),
            Self::Tagged(choice) => choice.add_names(texts),
            Self::Flag | Self::Integer(_) | Self::Version | Self::List { .. } | Self::Same(_) | Self::Never => {}
        }
    }
}

fn add_names<'c>(items: &'c [Item], texts: &mut Vec<&'c str>) {
    for item in items {
        match item {
            Item::Member { key, .. } => texts.push(key.text()),
            Item::Together(items) => add_names(items, texts),
            Item::Choice { choice, .. } => choice.add_names(texts),
        }
    }
}

/// The bounds of an integer, as they are sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) min: i64,
    pub(super) max: i64,
    /// How many leading digits are sent, the others being zero; all if it is zero.
    pub(super) digits: u8,
}

impl Bounds {
    /// The integer, if it can be sent.
    pub(super) fn hold(&self, integer: i64) -> Result<i64, Fault> {
        let Self { min, max, digits } = *self;
        let sent = rounded(integer, digits);
        if sent < min || sent > max {
            Err(Fault::OutOfBounds)
        } else if sent != integer {
            Err(Fault::TooExact)
        } else {
            Ok(integer)
        }
    }
}

/// `number` with all but its leading `digits` digits set to zero.
fn rounded(number: i64, digits: u8) -> i64 {
    if digits == 0 {
        return number;
    }
    let (mut step, mut rest) = (1, number.unsigned_abs());
    let most = 10_u64.saturating_pow(digits.into());
    while rest >= most {
        rest /= 10;
        step *= 10;
    }
    number / step * step
}

#[derive(Debug)]
pub(super) struct Object {
    pub(super) items: Vec<Item>,
    /// Whether the recorder counts it as a level of its own. It does not count the entry of a map, nor a variant beside its enum.
    pub(super) is_level: bool,
}

/// A part of an object, in the order of the wire.
#[derive(Debug)]
pub(super) enum Item {
    Member {
        key: Key,
        node: NodeId,
        is_required: bool,
    },
    /// Members that are all there or all missing.
    Together(Vec<Item>),
    /// A tag and the members of one of its variants.
    Choice {
        choice: Choice,
        is_required: bool,
    },
}

#[derive(Debug)]
pub(super) struct Choice {
    pub(super) key: Key,
    /// The node of the tag: a word for each variant.
    pub(super) tag: NodeId,
    /// What follows the tag in each variant.
    pub(super) variants: Vec<Vec<Item>>,
}

impl Choice {
    fn add_names<'c>(&'c self, texts: &mut Vec<&'c str>) {
        texts.push(self.key.text());
        self.variants.iter().for_each(|items| add_names(items, texts));
    }
}

#[derive(Debug)]
pub(super) struct Untagged {
    /// The words of variants without data.
    pub(super) words: Words,
    pub(super) others: Vec<Alternative>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Alternative {
    pub(super) node: NodeId,
    pub(super) begins: Begins,
}

/// The kinds with which a value can begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Begins(pub(super) u8);

impl Begins {
    pub(super) const NOTHING: Self = Self(0);
    pub(super) const FLAG: Self = Self(1);
    pub(super) const NUMBER: Self = Self(2);
    pub(super) const TEXT: Self = Self(4);
    pub(super) const LIST: Self = Self(8);
    pub(super) const OBJECT: Self = Self(16);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn can(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }
}

/// The name of a member with the punctuation around it: `"name":`.
#[derive(Debug)]
pub(super) struct Key(Box<[u8]>);

impl Key {
    pub(super) fn new(name: &str) -> Self {
        Self(format!("\"{name}\":").into_bytes().into_boxed_slice())
    }

    pub(super) const fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn name(&self) -> &[u8] {
        self.0.get(1..self.0.len() - 2).unwrap_or_default()
    }

    fn text(&self) -> &str {
        // It was made from text.
        str::from_utf8(self.name()).unwrap_or_default()
    }
}

/// A table of words.
#[derive(Debug)]
pub(super) struct Words {
    texts: Vec<String>,
    /// The indices of the texts in ascending order of length and bytes.
    order: Vec<usize>,
}

impl Words {
    pub(super) fn new(texts: Vec<String>) -> Self {
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|index| texts.get(*index).map(|text| (text.len(), text.as_bytes())));
        Self { texts, order }
    }

    pub(super) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The index of a text.
    pub(super) fn find(&self, text: &[u8]) -> Option<usize> {
        let compare = |index: &usize| {
            let known = self.texts.get(*index).map_or(&[][..], |known| known.as_bytes());
            known.len().cmp(&text.len()).then_with(|| known.cmp(text))
        };
        self.order.binary_search_by(compare).ok().and_then(|at| self.order.get(at)).copied()
    }
}
