//! Names of tables, views and columns.
//!
//! SQLite compares them without case, and keeps those that begin with `sqlite_` for itself. A name that is taken gets a number.

use rusqlite::{Connection, OptionalExtension};

use crate::check::ColumnKind;

/// The name in quotes.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The table of an event.
pub(super) fn table(connection: &Connection, event: &str) -> rusqlite::Result<String> {
    free(&format!("_rows_{event}"), |name| is_taken(connection, name))
}

/// The view of an event.
pub(super) fn view(connection: &Connection, event: &str) -> rusqlite::Result<String> {
    let is_reserved = event.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_"));
    let wanted = if is_reserved { format!("event_{event}") } else { event.to_owned() };
    free(&wanted, |name| is_taken(connection, name))
}

/// The column of a path, in a table that has columns of the names `taken`.
pub(super) fn column(path: &str, kind: ColumnKind, taken: &[String]) -> rusqlite::Result<String> {
    let is_taken = |name: &str| taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
    let path = if path.is_empty() { "_value" } else { path };
    // The same path had another kind before. No path ends with a colon and a kind: it has colons in the words of variants only, before a `>`.
    let wanted = if is_taken(path) { format!("{path}:{}", kind_text(kind)) } else { path.to_owned() };
    free(&wanted, |name| Ok(is_taken(name)))
}

/// The kind of a column, as the catalogue has it.
pub(crate) const fn kind_text(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Flag => "flag",
        ColumnKind::Integer => "integer",
        ColumnKind::Word => "word",
        ColumnKind::Version => "version",
        ColumnKind::Json => "json",
    }
}

fn free(wanted: &str, is_taken: impl Fn(&str) -> rusqlite::Result<bool>) -> rusqlite::Result<String> {
    let mut name = wanted.to_owned();
    let mut number = 1_u32;
    while is_taken(&name)? {
        number += 1;
        name = format!("{wanted}#{number}");
    }
    Ok(name)
}

fn is_taken(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE";
    Ok(connection.query_row(sql, [name], |_| Ok(())).optional()?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_case_only_are_told_apart() {
        let taken = ["Wait".to_owned(), "wait:word".to_owned()];
        assert_eq!(column("wait", ColumnKind::Flag, &taken).unwrap(), "wait:flag");
        assert_eq!(column("wait", ColumnKind::Word, &taken).unwrap(), "wait:word#2");
        assert_eq!(column("", ColumnKind::Word, &taken).unwrap(), "_value");
    }

    #[test]
    fn names_of_sqlite_are_left_to_it() {
        let connection = Connection::open_in_memory().unwrap();
        assert_eq!(view(&connection, "SQLite_master").unwrap(), "event_SQLite_master");
        assert_eq!(view(&connection, "run").unwrap(), "run");
        connection.execute_batch("CREATE VIEW Run AS SELECT 1").unwrap();
        assert_eq!(view(&connection, "run").unwrap(), "run#2");
    }

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(quote("a\"b"), "\"a\"\"b\"");
    }
}
