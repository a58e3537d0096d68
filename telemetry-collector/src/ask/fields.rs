//! The fields of an event, over all of its released schemas.

use std::sync::Arc;

use super::counted;
use super::describe::{Note, Notes, Within};
use super::inside::Inside;
use super::ranges::Ranges;
use super::report::Choice;
use crate::check::{Column, ColumnKind, KnownSchema};
use crate::store::names::kind_text;

/// A field of a report.
#[derive(Debug)]
pub(super) struct Field {
    /// Its path, as the report has it.
    pub(super) path: String,
    /// The path and the kind of its column.
    pub(super) column: (String, ColumnKind),
    pub(super) purpose: String,
    pub(super) kind: String,
    pub(super) unit: Option<String>,
    pub(super) shape: Shape,
    /// The variants that it is in.
    pub(super) variants: Vec<Within>,
    /// The releases that have it, by their positions.
    pub(super) releases: Vec<usize>,
    /// The numbers of the schemas in the store that do not have it.
    pub(super) without: Vec<i64>,
    /// Whether a release has it whose file was removed, and so maybe values that no known release has.
    pub(super) is_of_removed: bool,
}

/// The values of a field.
#[derive(Debug)]
pub(super) enum Shape {
    Flag,
    /// Words, and whether they are the labels of a bucket.
    Words {
        texts: Vec<String>,
        are_ranges: bool,
    },
    Numbers(Ranges),
    Version,
    /// Words of which there can be several.
    Set(Inside),
    /// Anything else: the lengths, if it is a list in all releases, and what is in it. Paths begin at an item of such a list, else at the value.
    Items {
        lengths: Option<Ranges>,
        inside: Inside,
    },
}

/// The fields in the order of the newest schema, then those that only older ones have, beginning with the newest of them. How often a counted event
/// happened is not one of them.
pub(super) fn fields(schemas: &[Arc<KnownSchema>]) -> Vec<Field> {
    let is_counted = counted::is_counted(schemas);
    let mut fields: Vec<Field> = Vec::new();
    for (release, schema) in schemas.iter().enumerate().rev() {
        let notes = Notes::of(schema.schema());
        for column in schema.columns().iter().filter(|column| !(is_counted && counted::is_count(column))) {
            let note = notes.get(&column.path);
            let shape = shape(column, note);
            let is_same = |field: &&mut Field| field.column.0 == column.path && field.column.1 == column.kind;
            match fields.iter_mut().find(is_same) {
                Some(field) => {
                    field.shape.add_older(shape);
                    field.releases.push(release);
                }
                None => {
                    let path = path(column, &fields);
                    fields.push(field(column, path, note, shape, release));
                }
            }
        }
    }
    fields
}

/// The path, with the kind if a newer schema has another kind there.
fn path(column: &Column, newer: &[Field]) -> String {
    if newer.iter().any(|field| field.column.0 == column.path) {
        format!("{}:{}", column.path, kind_text(column.kind))
    } else {
        column.path.clone()
    }
}

fn field(column: &Column, path: String, note: Option<&Note>, shape: Shape, release: usize) -> Field {
    Field {
        path,
        column: (column.path.clone(), column.kind),
        purpose: note.map(|note| note.purpose.clone()).unwrap_or_default(),
        kind: note.map_or(kind_text(column.kind), |note| note.kind).to_owned(),
        unit: note.and_then(|note| note.unit.clone()),
        shape,
        variants: note.map(|note| note.variants.clone()).unwrap_or_default(),
        releases: vec![release],
        without: Vec::new(),
        is_of_removed: false,
    }
}

fn shape(column: &Column, note: Option<&Note>) -> Shape {
    let ranges = || note.and_then(|note| note.ranges.clone());
    match column.kind {
        ColumnKind::Flag => Shape::Flag,
        ColumnKind::Word => {
            Shape::Words { texts: column.texts.clone(), are_ranges: note.is_some_and(|note| note.kind == "bucket") }
        }
        ColumnKind::Integer => Shape::Numbers(ranges().unwrap_or_else(|| Ranges::new(0, i64::MAX))),
        ColumnKind::Version => Shape::Version,
        ColumnKind::Json => {
            let inside = note.map(|note| note.inside.clone()).unwrap_or_default();
            match note.map(|note| note.kind) {
                Some("tags" | "set") => Shape::Set(inside),
                _ => Shape::Items { lengths: ranges(), inside },
            }
        }
    }
}

impl Shape {
    /// Adds the values that an older schema allows.
    fn add_older(&mut self, older: Self) {
        match (self, older) {
            (Self::Words { texts, .. }, Self::Words { texts: older, .. }) => {
                for text in older {
                    if !texts.contains(&text) {
                        texts.push(text);
                    }
                }
            }
            (Self::Numbers(ranges), Self::Numbers(older)) => *ranges = ranges.with_other(&older),
            (Self::Set(inside), Self::Set(older) | Self::Items { inside: older, .. }) => inside.add_other(&older),
            (
                Self::Items { lengths: Some(lengths), inside },
                Self::Items { lengths: Some(older_lengths), inside: older },
            ) => {
                inside.add_other(&older);
                *lengths = lengths.with_other(&older_lengths);
            }
            (items @ Self::Items { .. }, older) => {
                let mut inside = items.inside();
                inside.add_other(&older.inside());
                *items = Self::Items { lengths: None, inside };
            }
            _ => {}
        }
    }

    /// What is in a value that can also be another one than a list.
    fn inside(&self) -> Inside {
        match self {
            Self::Set(inside) | Self::Items { lengths: Some(_), inside } => inside.of_list(),
            Self::Items { lengths: None, inside } => inside.clone(),
            _ => Inside::default(),
        }
    }

    /// The values, if each installation has at most one and they are known beforehand.
    pub(super) fn labels(&self) -> Option<Vec<String>> {
        match self {
            Self::Flag => Some(vec!["true".to_owned(), "false".to_owned()]),
            Self::Words { texts, .. } => Some(texts.clone()),
            Self::Numbers(ranges) => Some(ranges.labels()),
            Self::Version | Self::Set(_) | Self::Items { .. } => None,
        }
    }
}

impl Field {
    /// Whether a filter can name it. The path of a field that has another kind now has a colon.
    pub(super) fn can_be_asked(&self) -> bool {
        self.path == self.column.0 && !matches!(self.shape, Shape::Set(_) | Shape::Items { .. })
    }
}

/// What a filter can ask for. Versions of a field are added once they are counted.
pub(super) fn choices(fields: &[Field], versions: &[String]) -> Vec<Choice> {
    let version = Choice { path: "version".to_owned(), values: versions.to_vec() };
    let of = |field: &Field| Choice { path: field.path.clone(), values: field.shape.labels().unwrap_or_default() };
    let fields = fields.iter().filter(|field| field.can_be_asked()).map(of);
    [version].into_iter().chain(fields).collect()
}
