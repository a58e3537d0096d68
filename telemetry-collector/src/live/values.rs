//! The values of an event as texts, by the columns of its schema.

use serde::Serialize;

use crate::check::{Cell, Column};

/// A value that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Value {
    /// Its path in the schema.
    pub path: String,
    /// What was sent: a word, a label, a number, a version, `true` or `false`, or the JSON of a list.
    pub value: String,
}

/// The values that were sent, in the order of the schema.
pub(super) fn values(columns: &[Column], cells: &[Cell]) -> Vec<Value> {
    let value = |(column, cell): (&Column, &Cell)| {
        let value = text(column, cell)?;
        Some(Value { path: column.path.clone(), value })
    };
    columns.iter().zip(cells).filter_map(value).collect()
}

fn text(column: &Column, cell: &Cell) -> Option<String> {
    match cell {
        Cell::Absent => None,
        Cell::Flag(flag) => Some(flag.to_string()),
        Cell::Integer(number) => Some(number.to_string()),
        Cell::Word(index) => column.texts.get(*index).cloned(),
        Cell::Version(count, parts) => {
            let parts: Vec<String> = parts.iter().take(usize::from(*count)).map(u16::to_string).collect();
            Some(parts.join("."))
        }
        Cell::Json(json) => String::from_utf8(json.clone()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::ColumnKind;

    #[test]
    fn each_kind_has_its_text() {
        let column = |texts: &[&str]| Column {
            path: "p".to_owned(),
            kind: ColumnKind::Word,
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
            is_required: false,
        };
        let text = |cell| text(&column(&["one", "two"]), &cell);
        assert_eq!(text(Cell::Absent), None);
        assert_eq!(text(Cell::Flag(true)).as_deref(), Some("true"));
        assert_eq!(text(Cell::Integer(-3)).as_deref(), Some("-3"));
        assert_eq!(text(Cell::Word(1)).as_deref(), Some("two"));
        assert_eq!(text(Cell::Word(2)), None);
        assert_eq!(text(Cell::Version(2, [1, 20, 0])).as_deref(), Some("1.20"));
        assert_eq!(text(Cell::Json(b"[1]".to_vec())).as_deref(), Some("[1]"));
    }
}
