//! The calls of a handwritten implementation: first calls that match the schema, then changes anywhere.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::world::Dice;
use crate::schema::{Field, Node, Schema, Shape};
use crate::snapshot::{Recorder, TelemetrySnapshot, Version};

pub(super) type Script = Vec<Call>;

/// One action of a `record` function.
#[derive(Clone, Debug)]
pub(super) enum Call {
    Flag(bool),
    Count(usize),
    Number(i128),
    Bucket(i128),
    Tag(usize),
    Tags(Vec<usize>, End),
    Version(u16),
    Absent,
    Group(Script),
    List(Vec<Item>, End),
    Entries(Vec<(usize, Script)>, End),
    Variant(usize, Script),
    /// The steps inside `catch_unwind`.
    Caught(Script),
    Panic,
}

/// An item of a list: a type that stands for itself, or one whose `record` function records a group.
#[derive(Clone, Debug)]
pub(super) struct Item {
    is_group: bool,
    script: Script,
}

/// Whether an iterator ends or panics.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    Ends,
    Panics,
}

thread_local! {
    /// The number of open recorder calls, and their number when the innermost `catch_unwind` began.
    static OPEN: Cell<usize> = const { Cell::new(0) };
    static CAUGHT: Cell<(bool, bool)> = const { Cell::new((false, false)) };
}

/// Whether a panic was caught since the last query, and whether one of them left a call of the recorder.
pub(super) fn caught() -> (bool, bool) {
    OPEN.set(0);
    CAUGHT.replace((false, false))
}

fn thrown() -> ! {
    // Like `panic!`, but without printing a message each time.
    resume_unwind(Box::new("as it should"))
}

impl Call {
    fn run(&self, recorder: &mut Recorder<'_>) {
        match self {
            Self::Panic => thrown(),
            Self::Caught(script) => {
                let before = OPEN.get();
                if catch_unwind(AssertUnwindSafe(|| Scripted::run(script, recorder))).is_err() {
                    let (_, in_a_call) = CAUGHT.get();
                    CAUGHT.set((true, in_a_call || OPEN.get() > before));
                    OPEN.set(before);
                }
            }
            _ => {
                OPEN.set(OPEN.get() + 1);
                self.record(recorder);
                OPEN.set(OPEN.get() - 1);
            }
        }
    }

    fn record(&self, recorder: &mut Recorder<'_>) {
        match self {
            Self::Flag(value) => recorder.flag(*value),
            Self::Count(value) => recorder.count(*value),
            Self::Number(value) => recorder.number(*value),
            Self::Bucket(value) => recorder.bucket(*value),
            Self::Tag(index) => recorder.tag(*index),
            Self::Tags(indices, end) => recorder.tags(end.after(indices.iter().copied())),
            Self::Version(part) => {
                recorder.version(Version::parse(&format!("{part}.0.{}", part / 7)).unwrap());
            }
            Self::Absent => recorder.absent(),
            Self::Group(script) => recorder.group(&Scripted(script.clone())),
            Self::List(items, end) => recorder.list(end.after(items.iter())),
            Self::Entries(entries, end) => {
                let entries: Vec<(usize, Scripted)> =
                    entries.iter().map(|(key, script)| (*key, Scripted(script.clone()))).collect();
                recorder.entries(end.after(entries.iter().map(|(key, value)| (*key, value))));
            }
            Self::Variant(index, script) => recorder.variant(*index, |recorder| Scripted::run(script, recorder)),
            Self::Caught(_) | Self::Panic => {}
        }
    }
}

impl End {
    fn after<T>(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        let mut items = items;
        std::iter::from_fn(move || match (items.next(), self) {
            (None, Self::Panics) => thrown(),
            (item, _) => item,
        })
    }
}

/// A type whose `record` function runs a script. Its declared schema is ignored: the field determines what is allowed.
pub(super) struct Scripted(Script);

impl Scripted {
    pub(super) fn run(script: &Script, recorder: &mut Recorder<'_>) {
        script.iter().for_each(|call| call.run(recorder));
    }
}

impl TelemetrySnapshot for Scripted {
    const SCHEMA: Schema = Schema::group(&[]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        Self::run(&self.0, recorder);
    }
}

impl TelemetrySnapshot for Item {
    const SCHEMA: Schema = Schema::group(&[]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        Scripted::run(&self.script, recorder);
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        if self.is_group { recorder.group(self) } else { self.record(recorder) }
    }
}

/// Generates scripts, until it has generated this many calls.
struct Writer<'d, 'n> {
    dice: &'d mut Dice<'n>,
    calls: usize,
}

/// Generates calls that match these fields, exactly or nearly.
pub(super) fn for_fields(fields: &'static [Field], dice: &mut Dice<'_>) -> Script {
    let mut writer = Writer { dice, calls: 0 };
    let changes = writer.dice.below(4).saturating_sub(1);
    let mut script = writer.fields(fields, 0);
    for _ in 0..changes {
        writer.change(&mut script);
    }
    script
}

impl Writer<'_, '_> {
    fn fields(&mut self, fields: &'static [Field], depth: usize) -> Script {
        fields.iter().flat_map(|field| self.field(field, depth)).collect()
    }

    fn field(&mut self, field: &'static Field, depth: usize) -> Script {
        self.calls += 1;
        if self.calls > 300 || depth > 20 {
            return vec![Call::Absent];
        }
        let is_optional = !field.kind.is_required();
        let call = if is_optional && (depth > 6 || self.dice.once_in(4)) {
            Call::Absent
        } else {
            self.value(&field.kind.node, depth)
        };
        match self.dice.below(60) {
            58 => vec![Call::Caught(vec![call, Call::Panic])],
            59 => vec![Call::Caught(vec![call])],
            _ => vec![call],
        }
    }

    fn value(&mut self, node: &'static Node, depth: usize) -> Call {
        let end = if self.dice.once_in(100) { End::Panics } else { End::Ends };
        match node {
            Node::Flag | Node::Presence | Node::Changed => Call::Flag(self.dice.once_in(2)),
            Node::Count { .. } => Call::Count(self.dice.below(5)),
            Node::Number { .. } => Call::Number(i128::from(self.dice.any()) - (1 << 31)),
            Node::Bucket { .. } => Call::Bucket(self.dice.below(24) as i128 - 6),
            Node::Tag(words) => Call::Tag(self.dice.below(words.len())),
            Node::Tags { words, .. } => {
                let indices = (0..self.dice.below(6)).map(|_| self.dice.below(words.len()));
                Call::Tags(indices.collect(), end)
            }
            Node::Version => Call::Version(self.dice.any() as u16),
            Node::Group(fields) | Node::Flatten(fields) => Call::Group(self.fields(fields, depth + 1)),
            Node::Nested(schema) => self.nested(schema(), depth),
            Node::List { item, max } => {
                let items = (0..self.dice.below(*max as usize + 2)).map(|_| self.item(item(), depth + 1));
                Call::List(items.collect(), end)
            }
            Node::Entries { key, value, max } => {
                let Node::Tag(words) = &key.kind.node else { return Call::Absent };
                let entries = (0..self.dice.below(*max as usize + 2)).map(|_| {
                    let key = self.dice.below(words.len());
                    (key, self.entry(value.field(), depth + 1))
                });
                Call::Entries(entries.collect(), end)
            }
            Node::FlattenVariants { tag, variants } if self.dice.once_in(2) => {
                let node = Box::leak(Box::new(Node::FlattenVariants { tag, variants }));
                Call::Group(vec![self.value(node, depth + 1)])
            }
            Node::Variants { variants, .. } | Node::FlattenVariants { variants, .. } => {
                let index = self.dice.below(variants.len());
                let script = match &variants[index].shape {
                    Shape::Unit => Script::new(),
                    Shape::Value(value) => self.field(value, depth + 1),
                    Shape::Group(fields) => self.fields(fields, depth + 1),
                };
                Call::Variant(index, script)
            }
            Node::Added(_) => Call::Absent,
        }
    }

    /// The calls of the value of an entry, which is a type of its own.
    fn entry(&mut self, value: &'static Field, depth: usize) -> Script {
        match &value.kind.node {
            Node::Flatten(fields) | Node::Group(fields) => self.fields(fields, depth),
            Node::Nested(schema) => match &schema().node {
                Node::Group(fields) => self.fields(fields, depth),
                node => vec![self.value(node, depth)],
            },
            node => vec![self.value(node, depth)],
        }
    }

    /// A type that stands for a single value is recorded as that value, or as a group that records it.
    fn nested(&mut self, schema: &'static Schema, depth: usize) -> Call {
        match &schema.node {
            Node::Group(fields) => Call::Group(self.fields(fields, depth + 1)),
            node if self.dice.once_in(2) => Call::Group(vec![self.value(node, depth + 1)]),
            node => self.value(node, depth + 1),
        }
    }

    fn item(&mut self, item: &'static Field, depth: usize) -> Item {
        let mut script = self.field(item, depth);
        match &mut script[..] {
            [Call::Group(inner)] if self.dice.once_in(2) => Item { is_group: true, script: std::mem::take(inner) },
            _ => Item { is_group: false, script },
        }
    }

    /// One change, here or inside one of the calls.
    fn change(&mut self, script: &mut Script) {
        let at = self.dice.below(script.len() + 1);
        if self.dice.below(5) > 1
            && let Some(inner) = script.get_mut(at).and_then(|call| self.inner(call))
        {
            return self.change(inner);
        }
        let here = at < script.len();
        match self.dice.below(9) {
            0 => script.insert(at, self.any_call()),
            1 if here => drop(script.remove(at)),
            2 if here => script.insert(at, script[at].clone()),
            3 if here => script[at] = self.any_call(),
            4 => script.insert(at, Call::Panic),
            5 if here => script[at] = Call::Caught(vec![script[at].clone()]),
            6 if here => script.swap(0, at),
            7 => {
                // Wraps all later steps in one `catch_unwind`, with a panic at their end or a change inside.
                let mut rest = script.split_off(at);
                if self.dice.once_in(2) {
                    rest.push(Call::Panic);
                } else {
                    self.change(&mut rest);
                }
                script.push(Call::Caught(rest));
            }
            _ => *script = vec![Call::Caught(std::mem::take(script))],
        }
    }

    fn inner<'c>(&mut self, call: &'c mut Call) -> Option<&'c mut Script> {
        match call {
            Call::Group(script) | Call::Variant(_, script) | Call::Caught(script) => Some(script),
            Call::List(items, _) if !items.is_empty() => {
                let at = self.dice.below(items.len());
                Some(&mut items[at].script)
            }
            Call::Entries(entries, _) if !entries.is_empty() => {
                let at = self.dice.below(entries.len());
                Some(&mut entries[at].1)
            }
            Call::Tags(_, end) | Call::List(_, end) | Call::Entries(_, end) => {
                *end = End::Panics;
                None
            }
            _ => None,
        }
    }

    fn any_call(&mut self) -> Call {
        let end = if self.dice.once_in(4) { End::Panics } else { End::Ends };
        let inner = vec![Call::Flag(true)];
        match self.dice.below(12) {
            0 => Call::Flag(true),
            1 => Call::Count(usize::MAX),
            2 => Call::Number(i128::MIN),
            3 => Call::Bucket(i128::MAX),
            4 => Call::Tag(self.dice.below(300)),
            5 => Call::Tags(vec![self.dice.below(300); self.dice.below(3)], end),
            6 => Call::Version(1),
            7 => Call::Absent,
            8 => Call::Group(inner),
            9 => Call::List(vec![Item { is_group: self.dice.once_in(2), script: inner }], end),
            10 => Call::Entries(vec![(self.dice.below(3), inner)], end),
            _ => Call::Variant(self.dice.below(3), inner),
        }
    }
}
