//! What the file has: events, their tables, columns and releases.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};

use crate::check::{ColumnKind, Known, KnownSchema};
use crate::store::names::{kind_text, quote};

/// An event that is in the file.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) number: i64,
    pub(super) name: String,
    /// The name of its table, in quotes.
    pub(super) table: String,
    /// The columns, in quotes, by path and kind.
    columns: HashMap<(String, String), String>,
    /// The number and the version of each schema.
    pub(super) schemas: Vec<(i64, String)>,
    /// The number of each schema by its hash.
    by_hash: HashMap<[u8; 32], i64>,
}

impl Stored {
    /// The column of a path, if events with it can be in the file.
    pub(super) fn column(&self, path: &str, kind: ColumnKind) -> Option<&str> {
        self.columns.get(&(path.to_owned(), kind_text(kind).to_owned())).map(String::as_str)
    }

    /// All columns, in the order of their paths.
    pub(super) fn columns(&self) -> Vec<StoredColumn<'_>> {
        let columns = self.columns.iter().map(|((path, kind), name)| StoredColumn { path, kind, name });
        let mut columns: Vec<StoredColumn<'_>> = columns.collect();
        columns.sort_unstable();
        columns
    }

    /// The number of a schema, if it is in the file.
    pub(super) fn number_of(&self, schema: &KnownSchema) -> Option<i64> {
        self.by_hash.get(&schema.hash().0).copied()
    }

    /// The numbers of the schemas with this version.
    pub(super) fn numbers(&self, version: &str) -> Vec<i64> {
        self.schemas.iter().filter(|(_, known)| known == version).map(|(number, _)| *number).collect()
    }
}

/// A column of an event's table.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StoredColumn<'s> {
    pub(super) path: &'s str,
    pub(super) kind: &'s str,
    /// In quotes.
    pub(super) name: &'s str,
}

/// The events of the file in alphabetical order.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Stored>> {
    let mut statement = connection.prepare("SELECT name FROM _event ORDER BY name")?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    names.iter().filter_map(|name| find(connection, name).transpose()).collect()
}

/// The event with this name, if it is in the file.
pub(super) fn find(connection: &Connection, name: &str) -> rusqlite::Result<Option<Stored>> {
    let sql = "SELECT number, table_name FROM _event WHERE name = ?1";
    let found: Option<(i64, String)> =
        connection.query_row(sql, [name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((number, table)) = found else { return Ok(None) };
    let mut statement = connection.prepare("SELECT path, kind, name FROM _column WHERE event = ?1")?;
    let read = |row: &rusqlite::Row<'_>| Ok(((row.get(0)?, row.get(1)?), quote(row.get_ref(2)?.as_str()?)));
    let columns = statement.query_map([number], read)?.collect::<Result<_, _>>()?;
    let mut statement =
        connection.prepare("SELECT number, version FROM _schema WHERE event = ?1 ORDER BY date, number")?;
    let schemas = statement.query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut statement = connection.prepare("SELECT hash, number FROM _schema WHERE event = ?1")?;
    let by_hash = statement.query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    Ok(Some(Stored { number, name: name.to_owned(), table: quote(&table), columns, schemas, by_hash }))
}

/// The released schemas of an event, oldest first.
pub(super) fn schemas<'k>(known: &'k Known, event: &str) -> Option<&'k [Arc<KnownSchema>]> {
    known.events().find(|(name, _)| *name == event).map(|(_, schemas)| schemas)
}

/// The versions of the releases, oldest first. Those that only the file knows come first: their files were removed.
pub(super) fn versions(schemas: &[Arc<KnownSchema>], stored: Option<&Stored>) -> Vec<String> {
    let known = || schemas.iter().map(|schema| schema.version());
    let removed = stored.map(|stored| stored.schemas.as_slice()).unwrap_or_default();
    let removed =
        removed.iter().map(|(_, version)| version.as_str()).filter(|version| !known().any(|own| own == *version));
    let mut versions: Vec<String> = Vec::new();
    for version in removed.chain(known()) {
        if !versions.iter().any(|own| own == version) {
            versions.push(version.to_owned());
        }
    }
    versions
}

/// The first day whose rows are all there. Rows of the days before were deleted.
pub(super) fn kept_from(connection: &Connection) -> rusqlite::Result<Option<i32>> {
    let sql = "SELECT max(day) FROM (SELECT value AS day FROM _fact WHERE name = 'rows from day'
               UNION ALL SELECT max(first_day) + 1 FROM _active WHERE period = 'day')";
    connection.query_row(sql, [], |row| row.get(0))
}
