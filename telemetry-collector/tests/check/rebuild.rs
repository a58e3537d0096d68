//! From the cells of an event back to its payload, by nothing but the walk of its schema and what is documented of columns.

use telemetry::schema::walk::{Container, Part, Place, Step, Value, Visitor};
use telemetry_collector::check::{Cell, Column, ColumnKind, KnownSchema};

/// The payload that has these cells.
pub(super) fn rebuild(schema: &KnownSchema, cells: &[Cell]) -> String {
    assert_eq!(schema.columns().len(), cells.len());
    let mut writer = Writer { columns: schema.columns(), cells, at: 0, open: vec![Open::new(Kind::Root, true)] };
    schema.schema().walk(&mut writer);
    assert_eq!(writer.at, cells.len(), "every column is used");
    writer.open.pop().unwrap().written.pop().unwrap_or_else(|| "null".to_owned())
}

struct Writer<'c> {
    columns: &'c [Column],
    cells: &'c [Cell],
    /// The next column.
    at: usize,
    open: Vec<Open>,
}

struct Open {
    kind: Kind,
    /// Whether it is sent, as far as the containers around it are.
    is_sent: bool,
    /// Whether a cell of it has a value.
    has_value: bool,
    written: Vec<String>,
}

enum Kind {
    Root,
    /// An object. With a column of its own, that says whether it is there.
    Object {
        flag: Option<Cell>,
    },
    Together,
    /// An enum with a tag: the tag as it is sent, the index of the variant, and the number of variants so far.
    Variants {
        tag: String,
        index: Option<usize>,
        count: usize,
        is_beside: bool,
    },
    Variant {
        is_tag_next: bool,
    },
}

impl Open {
    fn new(kind: Kind, is_sent: bool) -> Self {
        Self { kind, is_sent, has_value: false, written: Vec::new() }
    }
}

impl Writer<'_> {
    fn next(&mut self) -> (&Column, &Cell) {
        self.at += 1;
        let (column, cell) = (&self.columns[self.at - 1], &self.cells[self.at - 1]);
        assert!(!(column.is_required && *cell == Cell::Absent), "{column:?}");
        (column, cell)
    }

    /// The next cell as JSON; `None` if it is absent.
    fn next_json(&mut self) -> Option<String> {
        let (column, cell) = self.next();
        let (kind, json) = match cell {
            Cell::Absent => return None,
            Cell::Flag(flag) => (ColumnKind::Flag, flag.to_string()),
            Cell::Integer(integer) => (ColumnKind::Integer, integer.to_string()),
            Cell::Word(index) => (ColumnKind::Word, format!("\"{}\"", column.texts[*index])),
            Cell::Version(count, parts) => {
                let (told, rest) = parts.split_at(usize::from(*count));
                assert!(rest.iter().all(|part| *part == 0));
                let parts: Vec<String> = told.iter().map(u16::to_string).collect();
                (ColumnKind::Version, format!("\"{}\"", parts.join(".")))
            }
            Cell::Json(bytes) => (ColumnKind::Json, String::from_utf8(bytes.clone()).unwrap()),
        };
        assert_eq!(kind, column.kind, "{}", column.path);
        Some(json)
    }

    fn write(&mut self, name: &str, json: String) {
        let around = self.open.last_mut().unwrap();
        assert!(around.is_sent, "{name}: {json}");
        around.written.push(if name.is_empty() { json } else { format!("\"{name}\":{json}") });
    }

    fn write_next(&mut self, place: &Place<'_, '_>) {
        if let Some(json) = self.next_json() {
            self.write(place.name(), json);
            self.open.last_mut().unwrap().has_value = true;
        }
    }

    fn is_sent(&self) -> bool {
        self.open.last().unwrap().is_sent
    }
}

impl Visitor<'_> for Writer<'_> {
    fn value(&mut self, place: &Place<'_, '_>, _: Value<'_>) {
        if let Kind::Variant { is_tag_next } = &mut self.open.last_mut().unwrap().kind
            && std::mem::take(is_tag_next)
        {
            return;
        }
        self.write_next(place);
    }

    fn enter(&mut self, place: &Place<'_, '_>, container: Container<'_>) -> Step {
        let is_sent = self.is_sent();
        let open = match container {
            Container::Group => {
                let path = place.path().to_string();
                let has_flag = !place.is_required()
                    && self.columns.get(self.at).is_some_and(|column| {
                        column.path == path && !path.is_empty() || path.is_empty() && column.path.is_empty()
                    });
                let flag = has_flag.then(|| self.next().1.clone());
                Open::new(Kind::Object { flag }, is_sent)
            }
            Container::Flatten => Open::new(Kind::Together, is_sent),
            Container::Variants { tag: Some(tag) } | Container::FlattenVariants { tag } => {
                let index = match self.cells[self.at] {
                    Cell::Word(index) => Some(index),
                    _ => None,
                };
                let json = self.next_json().unwrap_or_default();
                let is_beside = matches!(container, Container::FlattenVariants { .. });
                Open::new(Kind::Variants { tag: format!("\"{tag}\":{json}"), index, count: 0, is_beside }, is_sent)
            }
            Container::Variant { .. } => {
                let Kind::Variants { index, count, .. } = &mut self.open.last_mut().unwrap().kind else { panic!() };
                *count += 1;
                let is_this = *index == Some(*count - 1);
                Open::new(Kind::Variant { is_tag_next: true }, is_sent && is_this)
            }
            _ => {
                self.write_next(place);
                return Step::Over;
            }
        };
        self.open.push(open);
        Step::Into
    }

    fn leave(&mut self, place: &Place<'_, '_>, _: Container<'_>) {
        let Open { kind, is_sent, has_value, written } = self.open.pop().unwrap();
        let is_there = match &kind {
            Kind::Object { flag: Some(flag) } => {
                assert!(matches!(flag, Cell::Absent | Cell::Flag(true)));
                *flag == Cell::Flag(true)
            }
            Kind::Object { flag: None } => is_sent && (place.is_required() || has_value),
            Kind::Variants { index, .. } => index.is_some(),
            _ => false,
        };
        let is_part = !matches!(kind, Kind::Object { .. } | Kind::Variants { is_beside: false, .. });
        self.open.last_mut().unwrap().has_value |=
            has_value || is_there && !matches!(kind, Kind::Object { flag: None });
        match kind {
            Kind::Object { .. } if is_there => self.write(place.name(), format!("{{{}}}", written.join(","))),
            Kind::Variants { tag, is_beside: false, .. } if is_there => {
                let members: Vec<String> = std::iter::once(tag).chain(written).collect();
                self.write(place.name(), format!("{{{}}}", members.join(",")));
            }
            Kind::Variants { tag, is_beside: true, .. } if is_there => {
                self.write("", tag);
                self.open.last_mut().unwrap().written.extend(written);
            }
            _ if is_part => self.open.last_mut().unwrap().written.extend(written),
            _ => {}
        }
    }

    fn recursion(&mut self, place: &Place<'_, '_>, _: &[Part<'_>]) {
        self.write_next(place);
    }
}
