//! A random schema. Nested types are reached by functions without arguments, so each occupies a slot of this thread.

use std::cell::{Cell, RefCell};

use crate::schema::{Absent, EntryValue, Field, Kind, Node, Schema, Variant, Words};

/// Random numbers for decisions, used in sequence; zero once they run out.
pub(super) struct Dice<'a> {
    numbers: core::slice::Iter<'a, u32>,
}

impl<'a> Dice<'a> {
    pub(super) fn new(numbers: &'a [u32]) -> Self {
        Self { numbers: numbers.iter() }
    }

    pub(super) fn any(&mut self) -> u32 {
        self.numbers.next().copied().unwrap_or_default()
    }

    /// A number from 0 to `end`, exclusive.
    pub(super) fn below(&mut self, end: usize) -> usize {
        // Proptest shrinks numbers to find the smallest failure, so smaller numbers must mean less.
        ((u64::from(self.any()) * end as u64) >> 32) as usize
    }

    /// True once in this many times, on average.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) + 1 == times
    }
}

const SLOTS: usize = 16;

thread_local! {
    static SCHEMAS: RefCell<[Option<&'static Schema>; SLOTS]> = const { RefCell::new([None; SLOTS]) };
    static ITEMS: RefCell<[Option<&'static Field>; SLOTS]> = const { RefCell::new([None; SLOTS]) };
}

fn schema<const AT: usize>() -> &'static Schema {
    SCHEMAS.with_borrow(|slots| slots[AT].unwrap())
}

fn item<const AT: usize>() -> &'static Field {
    ITEMS.with_borrow(|slots| slots[AT].unwrap())
}

macro_rules! slots {
    ($($at:literal)+) => {
        const SCHEMA_AT: [fn() -> &'static Schema; SLOTS] = [$(schema::<$at>),+];
        const ITEM_AT: [fn() -> &'static Field; SLOTS] = [$(item::<$at>),+];
    };
}

slots!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);

fn leaked<T>(values: Vec<T>) -> &'static [T] {
    Box::leak(values.into_boxed_slice())
}

pub(super) struct World {
    pub(super) root: &'static [Field; 1],
}

impl World {
    pub(super) fn new(dice: &mut Dice<'_>) -> Self {
        let mut maker = Maker { dice, names: Cell::new(0), schemas: 0, items: 0, groups: Vec::new() };
        let kind = if maker.dice.once_in(6) { maker.kind(0) } else { maker.nested(0) };
        let kind = if maker.dice.once_in(4) { kind } else { Field::value(kind).required().kind };
        Self { root: Box::leak(Box::new([Field::value(kind)])) }
    }
}

/// Generates kinds, nested deeper and deeper, until no slots are left.
struct Maker<'d, 'n> {
    dice: &'d mut Dice<'n>,
    names: Cell<usize>,
    schemas: usize,
    items: usize,
    /// The slots that hold groups, so that a type can contain itself.
    groups: Vec<usize>,
}

const ALL_WORDS: [&str; 5] =
    ["a", "b b", "c.c", "<d|`", "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"];

impl Maker<'_, '_> {
    fn kind(&mut self, depth: usize) -> Kind {
        let kinds = if depth > 4 { 10 } else { 18 };
        match self.dice.below(kinds) {
            0 | 1 => Kind::flag(),
            2 => Kind::presence(),
            3 => Kind::count(self.dice.below(3) as u32 + 1),
            4 => Kind::number(-(self.dice.any() as i64), self.dice.any() as i64 + 1),
            5 => self.bucket(),
            6 => Kind::tag(self.words()),
            7 => Kind::tags(self.words(), self.dice.below(4) as u32 + 1),
            8 => Kind::tag_set(self.words(), self.dice.below(4) as u32 + 1),
            9 => Kind::version(),
            10 | 11 => self.nested(depth),
            12 => Kind::new(Node::Group(self.members(depth))),
            13 => self.list(depth),
            14 => self.entries(depth),
            15 => self.tagged(depth),
            16 => self.untagged(depth),
            _ => self.again(depth),
        }
    }

    fn words(&mut self) -> Words {
        let words = Words::new(&ALL_WORDS[..self.dice.below(ALL_WORDS.len()) + 1]);
        if self.dice.once_in(3) { words.other("a") } else { words }
    }

    fn bucket(&mut self) -> Kind {
        let mut edge = -3;
        let edges = (0..=self.dice.below(4)).map(|_| {
            edge += self.dice.below(5) as i64 + 1;
            edge
        });
        Kind::bucket(leaked(edges.collect()))
    }

    /// A name that no other member has, so that flattened names never collide. Some are too long for a precomputed key.
    fn name(&mut self) -> &'static str {
        let turn = self.names.replace(self.names.get() + 1);
        let dots = if self.dice.once_in(8) { ".".repeat(30) } else { String::new() };
        Box::leak(format!("m{dots}{turn}").into_boxed_str())
    }

    fn field(&mut self, depth: usize) -> Field {
        let name = self.name();
        let field = Field::new(name, self.kind(depth + 1));
        if self.dice.once_in(2) { field } else { field.required() }
    }

    fn members(&mut self, depth: usize) -> &'static [Field] {
        let count = self.dice.below(5);
        let members = (0..count)
            .map(|_| if depth < 4 && self.dice.once_in(6) { self.flattened(depth) } else { self.field(depth) });
        leaked(members.collect())
    }

    fn flattened(&mut self, depth: usize) -> Field {
        let node = match self.tagged(depth).node {
            Node::Variants { tag: Some(tag), variants } if self.dice.once_in(2) => {
                Node::FlattenVariants { tag, variants }
            }
            _ => Node::Flatten(self.members(depth + 1)),
        };
        let field = Field::value(Kind::new(node));
        if self.dice.once_in(2) { field } else { field.required() }
    }

    /// The shape of a type: usually a group.
    fn nested(&mut self, depth: usize) -> Kind {
        if !self.dice.once_in(5) {
            return self.group(depth);
        }
        self.behind_slot(|maker, _| {
            let kind = maker.kind(depth + 1);
            Schema::of(if maker.dice.once_in(2) { kind } else { Field::value(kind).required().kind })
        })
    }

    fn group(&mut self, depth: usize) -> Kind {
        self.behind_slot(|maker, at| {
            maker.groups.push(at);
            Schema::group(maker.members(depth + 1))
        })
    }

    fn behind_slot(&mut self, schema: impl FnOnce(&mut Self, usize) -> Schema) -> Kind {
        let at = self.schemas;
        if at == SLOTS {
            return Kind::flag();
        }
        self.schemas += 1;
        let schema = schema(self, at);
        SCHEMAS.with_borrow_mut(|slots| slots[at] = Some(Box::leak(Box::new(schema))));
        self.behind(at)
    }

    fn behind(&mut self, at: usize) -> Kind {
        let node = Node::Nested(SCHEMA_AT[at]);
        if self.dice.once_in(2) { Kind { node, absent: Absent::AsNested } } else { Kind::new(node) }
    }

    /// An existing type, possibly the one that contains it.
    fn again(&mut self, depth: usize) -> Kind {
        match self.groups.len() {
            0 => self.nested(depth),
            many => {
                let at = self.groups[self.dice.below(many)];
                self.behind(at)
            }
        }
    }

    fn list(&mut self, depth: usize) -> Kind {
        let at = self.items;
        if at == SLOTS {
            return Kind::flag();
        }
        self.items += 1;
        let kind = self.kind(depth + 1);
        let kind = if self.dice.once_in(3) { kind } else { Field::value(kind).required().kind };
        ITEMS.with_borrow_mut(|slots| slots[at] = Some(Box::leak(Box::new(Field::item(kind)))));
        Kind::new(Node::List { item: ITEM_AT[at], max: self.dice.below(3) as u32 + 1 })
    }

    fn entries(&mut self, depth: usize) -> Kind {
        let value = if self.dice.once_in(3) { self.field(depth) } else { self.flattened(depth) };
        let value = EntryValue::Kind(Box::leak(Box::new(value)));
        let name = self.name();
        let key = Box::leak(Box::new(Field::new(name, Kind::tag(self.words())).required()));
        Kind::new(Node::Entries { key, value, max: self.dice.below(3) as u32 + 1 })
    }

    fn tagged(&mut self, depth: usize) -> Kind {
        let words = &ALL_WORDS[..self.dice.below(ALL_WORDS.len()) + 1];
        let variants = words.iter().map(|word| match self.dice.below(3) {
            0 => Variant::unit(word),
            _ => Variant::group(word, self.members(depth + 1)),
        });
        let variants = leaked(variants.collect());
        let name = self.name();
        let tag = Box::leak(Box::new(Field::new(name, Kind::tag(Words::exact(words))).required()));
        Kind::tagged(tag, variants)
    }

    fn untagged(&mut self, depth: usize) -> Kind {
        let words = &ALL_WORDS[..self.dice.below(ALL_WORDS.len()) + 1];
        let variants = words.iter().map(|word| match self.dice.below(4) {
            0 => Variant::unit(word),
            1 => Variant::group(word, self.members(depth + 1)),
            _ => {
                let kind = self.kind(depth + 1);
                Variant::value(word, if self.dice.once_in(2) { kind } else { Field::value(kind).required().kind })
            }
        });
        Kind::variants(leaked(variants.collect()))
    }
}
