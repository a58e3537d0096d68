//! What is in a value that is kept as JSON: for each path in an item, the values that an installation can have there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use telemetry::schema::walk::{Part, Path, Value};

use super::ranges::Ranges;
use super::report::{Bar, Count, Within};

/// The values of each path in an item, in the order of the schema. The path of the item itself is empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Inside {
    leaves: Vec<(String, Leaf)>,
}

/// What can be at a path. Several variants of an enum can have different kinds there.
#[derive(Clone, Debug, Default)]
struct Leaf {
    words: Vec<String>,
    has_flags: bool,
    has_versions: bool,
    ranges: Option<Ranges>,
}

/// A value of a leaf.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Word(usize),
    Flag(bool),
    Range(usize),
    /// A version, as parts and as text.
    Version(Vec<u16>, String),
}

/// How many installations have an item with each value, or how many times there was one.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<(usize, Slot), u64>);

impl Inside {
    pub(super) fn add(&mut self, path: &str, value: Value<'_>) {
        if let Some((min, max)) = value.bounds() {
            return self.add_ranges(path, Ranges::new(min, max));
        }
        match value {
            Value::Flag | Value::Presence | Value::Changed => self.leaf(path).has_flags = true,
            Value::Bucket { .. } | Value::Tag { .. } => self.add_words(path, &value.texts()),
            Value::Tags { .. } | Value::Set { .. } => self.add_words(&format!("{path}[]"), &value.texts()),
            Value::Version => self.leaf(path).has_versions = true,
            _ => {}
        }
    }

    pub(super) fn add_words(&mut self, path: &str, words: &[String]) {
        let leaf = self.leaf(path);
        for word in words {
            if !leaf.words.contains(word) {
                leaf.words.push(word.clone());
            }
        }
    }

    /// Adds what an older schema allows.
    pub(super) fn add_other(&mut self, other: &Self) {
        for (path, leaf) in &other.leaves {
            self.add_words(path, &leaf.words);
            if let Some(ranges) = &leaf.ranges {
                self.add_ranges(path, ranges.clone());
            }
            let own = self.leaf(path);
            own.has_flags |= leaf.has_flags;
            own.has_versions |= leaf.has_versions;
        }
    }

    /// The same with paths that begin at the list, not at an item of it.
    pub(super) fn of_list(&self) -> Self {
        let leaf = |(path, leaf): &(String, Leaf)| {
            let dot = if path.is_empty() || path.starts_with("[]") { "" } else { "." };
            (format!("[]{dot}{path}"), leaf.clone())
        };
        Self { leaves: self.leaves.iter().map(leaf).collect() }
    }

    fn add_ranges(&mut self, path: &str, ranges: Ranges) {
        let leaf = self.leaf(path);
        leaf.ranges = Some(leaf.ranges.as_ref().map_or(ranges.clone(), |own| own.with_other(&ranges)));
    }

    fn leaf(&mut self, path: &str) -> &mut Leaf {
        let at = self.leaves.iter().position(|(known, _)| known == path).unwrap_or(self.leaves.len());
        if at == self.leaves.len() {
            self.leaves.push((path.to_owned(), Leaf::default()));
        }
        &mut self.leaves[at].1
    }

    /// Counts the values of one row, each once, as so many. Says whether there is any.
    pub(super) fn count<'j>(&self, items: impl IntoIterator<Item = &'j Json>, times: u64, counts: &mut Counts) -> bool {
        let mut found = BTreeSet::new();
        let mut path = String::new();
        for item in items {
            self.find(item, &mut path, &mut found);
        }
        let has_any = !found.is_empty();
        for slot in found {
            *counts.0.entry(slot).or_default() += times;
        }
        has_any
    }

    fn find(&self, value: &Json, path: &mut String, found: &mut BTreeSet<(usize, Slot)>) {
        let length = path.len();
        match value {
            Json::Object(members) => {
                for (name, member) in members {
                    if length > 0 {
                        path.push('.');
                    }
                    path.push_str(&Path::of(&[Part::Member(name)]).to_string());
                    self.find(member, path, found);
                    path.truncate(length);
                }
            }
            Json::Array(items) => {
                path.push_str("[]");
                items.iter().for_each(|item| self.find(item, path, found));
                path.truncate(length);
            }
            scalar => {
                let leaf = self.leaves.iter().enumerate().find(|(_, (known, _))| known == path);
                if let Some((index, (_, leaf))) = leaf {
                    found.extend(leaf.slot(scalar).map(|slot| (index, slot)));
                }
            }
        }
    }

    /// The bars of each path.
    pub(super) fn bars(&self, counts: &Counts) -> Vec<Within> {
        let bars = |(index, (path, leaf)): (usize, &(String, Leaf))| {
            let versions = counts.versions(index);
            let bars = leaf.bars(|slot| counts.0.get(&(index, slot)).copied().unwrap_or(0), &versions);
            Within { path: path.clone(), bars, versions: versions.len() }
        };
        self.leaves.iter().enumerate().map(bars).collect()
    }
}

impl Counts {
    fn versions(&self, leaf: usize) -> Vec<Slot> {
        let slots = self.0.keys().filter(|(index, slot)| *index == leaf && matches!(slot, Slot::Version(..)));
        slots.map(|(_, slot)| slot.clone()).collect()
    }
}

impl Leaf {
    fn slot(&self, value: &Json) -> Option<Slot> {
        match value {
            Json::Bool(flag) => self.has_flags.then_some(Slot::Flag(*flag)),
            Json::Number(number) => self.ranges.as_ref()?.index(number.as_i64()?).map(Slot::Range),
            Json::String(text) => {
                if let Some(at) = self.words.iter().position(|word| word == text) {
                    return Some(Slot::Word(at));
                }
                let parts: Result<Vec<u16>, _> = text.split('.').map(str::parse).collect();
                self.has_versions.then_some(Slot::Version(parts.ok()?, text.clone()))
            }
            _ => None,
        }
    }

    fn bars(&self, count: impl Fn(Slot) -> u64, versions: &[Slot]) -> Vec<Bar> {
        let bar = |label: &str, slot: Slot| Bar { label: label.to_owned(), count: Count::Shown(count(slot)) };
        let mut bars: Vec<Bar> =
            self.words.iter().enumerate().map(|(index, word)| bar(word, Slot::Word(index))).collect();
        if self.has_flags {
            bars.extend([bar("true", Slot::Flag(true)), bar("false", Slot::Flag(false))]);
        }
        let labels = self.ranges.as_ref().map(Ranges::labels).unwrap_or_default();
        bars.extend(labels.iter().enumerate().map(|(index, label)| bar(label, Slot::Range(index))));
        for version in versions {
            if let Slot::Version(_, text) = version {
                bars.push(bar(text, version.clone()));
            }
        }
        bars
    }
}
