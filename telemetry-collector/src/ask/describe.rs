//! What a schema says of each of its paths.

use std::collections::HashMap;

use telemetry::schema::Released;
use telemetry::schema::walk::{Container, Form, Part, Path, Place, Step, Value, Visitor};

use super::inside::Inside;
use super::ranges::Ranges;

/// What a schema says of the values of a path.
#[derive(Clone, Debug)]
pub(super) struct Note {
    pub(super) purpose: String,
    pub(super) kind: &'static str,
    pub(super) unit: Option<String>,
    /// The ranges of numbers, or of the lengths of a list.
    pub(super) ranges: Option<Ranges>,
    /// What is in a list, or in an enum that is kept as JSON.
    pub(super) inside: Inside,
    /// The variants that the path is in: the path of each tag, and the word that it must have.
    pub(super) variants: Vec<Within>,
}

/// A variant that a path is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Within {
    /// The path of the tag.
    pub(super) tag: String,
    /// The word of the variant.
    pub(super) word: String,
}

/// The notes of a schema by the paths of columns.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: HashMap<String, Vec<Note>>,
    open: Vec<Open>,
    variants: Vec<Within>,
    /// The list or enum whose contents are being visited: its path, and the number of its parts.
    outer: Option<(String, usize)>,
}

/// A container that is being visited.
#[derive(Debug)]
enum Open {
    /// An enum, and the path of its tag, if it has one.
    Choice(Option<String>),
    /// A variant with a tag.
    Case,
    /// A list or an enum that is kept as JSON.
    Outer,
    Other,
}

impl Notes {
    pub(super) fn of(schema: &Released) -> Self {
        let mut notes = Self::default();
        schema.walk(&mut notes);
        notes
    }

    /// The note of a column. A path that occurs twice has `#2` at its end the second time.
    pub(super) fn get(&self, column: &str) -> Option<&Note> {
        if let Some(notes) = self.notes.get(column) {
            return notes.first();
        }
        let (path, number) = column.rsplit_once('#')?;
        let (notes, number) = (self.notes.get(path)?, number.parse::<usize>().ok()?);
        notes.get(number.checked_sub(1)?).or(notes.last())
    }

    fn add(&mut self, path: String, kind: &'static str, purpose: &str) -> Option<&mut Note> {
        let variants = self.variants.clone();
        let note =
            Note { purpose: purpose.to_owned(), kind, unit: None, ranges: None, inside: Inside::default(), variants };
        let notes = self.notes.entry(path).or_default();
        notes.push(note);
        notes.last_mut()
    }

    /// The contents of the outer list or enum, and the path in its items.
    fn inside(&mut self, parts: &[Part<'_>]) -> Option<(&mut Inside, String)> {
        let (path, length) = self.outer.as_ref()?;
        let below = parts.get(*length..).unwrap_or_default();
        let note = self.notes.get_mut(path)?.last_mut()?;
        let is_list = note.kind == "list";
        // What a list holds is told by its items. JSON does not show which variant a member is of.
        let below = if is_list && below.first() == Some(&Part::Item) { &below[1..] } else { below };
        let plain: Vec<Part<'_>> =
            below.iter().filter(|part| matches!(part, Part::Member(_) | Part::Item)).copied().collect();
        Some((&mut note.inside, Path::of(&plain).to_string()))
    }

    /// Begins a container that is kept as JSON.
    fn enter_outer(&mut self, place: &Place<'_, '_>, kind: &'static str, lengths: Option<u32>) {
        if self.outer.is_some() {
            self.open.push(Open::Other);
            return;
        }
        let path = place.path().to_string();
        if let Some(note) = self.add(path.clone(), kind, place.purpose()) {
            note.ranges = lengths.map(|max| Ranges::new(0, max.into()));
        }
        self.outer = Some((path, place.parts().len()));
        self.open.push(Open::Outer);
    }

    fn enter_choice(&mut self, place: &Place<'_, '_>, tag: &str) {
        let path = Path::of(&[place.parts(), &[Part::Member(tag)]].concat()).to_string();
        if self.outer.is_none() {
            self.add(path.clone(), "tag", place.purpose());
        }
        self.open.push(Open::Choice(Some(path)));
    }

    fn enter_variant(&mut self, place: &Place<'_, '_>, word: &str, form: Form) {
        if form == Form::Word
            && let Some((inside, path)) = self.inside(place.parts())
        {
            inside.add_words(&path, &[word.to_owned()]);
        }
        let tag = match self.open.last() {
            Some(Open::Choice(Some(tag))) if self.outer.is_none() => tag.clone(),
            _ => return self.open.push(Open::Other),
        };
        self.variants.push(Within { tag, word: word.to_owned() });
        self.open.push(Open::Case);
    }
}

impl<'s> Visitor<'s> for Notes {
    fn value(&mut self, place: &Place<'_, 's>, value: Value<'s>) {
        if let Some((inside, path)) = self.inside(place.parts()) {
            return inside.add(&path, value);
        }
        let Some(note) = self.add(place.path().to_string(), value.kind(), place.purpose()) else { return };
        note.ranges = value.bounds().map(|(min, max)| Ranges::new(min, max));
        match value {
            Value::Number { unit, .. } | Value::Bucket { unit, .. } => note.unit = some(unit),
            Value::Tags { .. } | Value::Set { .. } => note.inside.add_words("", &value.texts()),
            _ => {}
        }
    }

    fn enter(&mut self, place: &Place<'_, 's>, container: Container<'s>) -> Step {
        match container {
            Container::List { max } => self.enter_outer(place, "list", Some(max)),
            Container::Variants { tag: None } => self.enter_outer(place, "variants", None),
            Container::Variants { tag: Some(tag) } | Container::FlattenVariants { tag } => {
                self.enter_choice(place, tag);
            }
            Container::Variant { word, form } => self.enter_variant(place, word, form),
            Container::Group => {
                if self.outer.is_none() {
                    self.add(place.path().to_string(), "group", place.purpose());
                }
                self.open.push(Open::Other);
            }
            _ => self.open.push(Open::Other),
        }
        Step::Into
    }

    fn leave(&mut self, _: &Place<'_, 's>, _: Container<'s>) {
        match self.open.pop() {
            Some(Open::Outer) => self.outer = None,
            Some(Open::Case) => {
                self.variants.pop();
            }
            _ => {}
        }
    }

    fn recursion(&mut self, place: &Place<'_, 's>, _: &[Part<'s>]) {
        if self.outer.is_none() {
            self.add(place.path().to_string(), "same", place.purpose());
        }
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
