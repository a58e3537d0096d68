//! Cells as parameters of a statement.

use rusqlite::types::{ToSql, ToSqlOutput, Value, ValueRef};

use super::version;
use crate::check::{Cell, Column, ColumnKind};

/// A cell as SQLite stores it. `None` if it does not fit the column.
pub(super) fn value<'v>(cell: &'v Cell, column: &Column, words: &[i64]) -> Option<Bound<'v>> {
    let integer = |value| Some(Bound(ToSqlOutput::Owned(Value::Integer(value))));
    match (cell, column.kind) {
        (Cell::Absent, _) => Some(Bound(ToSqlOutput::Owned(Value::Null))),
        (Cell::Flag(flag), ColumnKind::Flag) => integer(i64::from(*flag)),
        (Cell::Integer(value), ColumnKind::Integer) => integer(*value),
        (Cell::Word(index), ColumnKind::Word) => integer(*words.get(*index)?),
        (Cell::Version(count, parts), ColumnKind::Version) => integer(version::pack(*count, *parts)),
        (Cell::Json(bytes), ColumnKind::Json) => {
            std::str::from_utf8(bytes).ok().map(|text| Bound(ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))))
        }
        _ => None,
    }
}

/// A parameter.
#[derive(Debug)]
pub(super) struct Bound<'v>(ToSqlOutput<'v>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}
