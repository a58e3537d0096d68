//! What the file has: events, their tables, columns and releases.

use std::collections::HashMap;
use std::sync::Arc;

use super::AskError;
use super::source::Source;
use crate::arrival::Day;
use crate::check::{ColumnKind, Known, KnownSchema};
use crate::store::names::kind_text;

/// An event that is in the file.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) number: i64,
    pub(super) name: String,
    /// The name of its table, in quotes.
    pub(super) table: String,
    /// The name of its view.
    pub(super) view: String,
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

/// The events of the store in alphabetical order.
pub(super) fn all(source: Source<'_>) -> Result<Vec<Stored>, AskError> {
    let names = source.all("SELECT name FROM _event ORDER BY name", |row| row.text(0))?;
    names.iter().filter_map(|name| find(source, name).transpose()).collect()
}

/// The event with this name, if it is in the store.
pub(super) fn find(source: Source<'_>, name: &str) -> Result<Option<Stored>, AskError> {
    let sql = format!("SELECT number, table_name, view_name FROM _event WHERE name = {}", source.text(name));
    let found = source.all(&sql, |row| Ok((row.integer(0)?, row.text(1)?, row.text(2)?)))?;
    let Some((number, table, view)) = found.into_iter().next() else { return Ok(None) };
    let columns = format!("SELECT path, kind, name FROM _column WHERE event = {number}");
    let columns = source.all(&columns, |row| Ok(((row.text(0)?, row.text(1)?), source.name(&row.text(2)?))))?;
    let sql = format!("SELECT number, version, hash FROM _schema WHERE event = {number} ORDER BY date, number");
    let (mut schemas, mut by_hash) = (Vec::new(), HashMap::new());
    source.each(&sql, |row| {
        let hash = <[u8; 32]>::try_from(row.bytes(2)?).map_err(|_| AskError::Layout)?;
        schemas.push((row.integer(0)?, row.text(1)?));
        by_hash.insert(hash, row.integer(0)?);
        Ok(())
    })?;
    let columns = columns.into_iter().collect();
    Ok(Some(Stored { number, name: name.to_owned(), table: source.name(&table), view, columns, schemas, by_hash }))
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

/// The first day whose rows are all there, if rows of days up to `until` were deleted: of an event, or of any.
pub(super) fn kept_from(source: Source<'_>, event: Option<i64>, until: Day) -> Result<Option<Day>, AskError> {
    let of = event.map_or_else(String::new, |event| format!(" WHERE event = {event}"));
    // A day is counted before its rows are deleted.
    let sql = format!(
        "SELECT max(first_day) + 1 FROM _active WHERE period = 'day'
         AND (SELECT min(day) FROM _daily{of}) <= {}",
        until.0
    );
    source.integer(&sql)?.map(|day| i32::try_from(day).map(Day).map_err(|_| AskError::Layout)).transpose()
}
