//! Schemas in the file: a table an event, a column a path and kind. A new schema adds columns; nothing is rewritten or removed.

use rusqlite::{Connection, OptionalExtension};

use super::names::{self, quote};
use super::{view, words};
use crate::check::{Column, ColumnKind, KnownSchema, MOST_COLUMNS};

/// Where the events of a schema are stored.
#[derive(Debug)]
pub(super) struct Registered {
    /// The number of the schema.
    pub(super) schema: i64,
    /// The table of the event.
    pub(super) table: String,
    /// Its columns, in the order of the schema's columns.
    pub(super) columns: Vec<String>,
    /// The numbers of the words of each column.
    pub(super) words: Vec<Vec<i64>>,
}

/// An event in the catalogue.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) number: i64,
    pub(super) table: String,
    pub(super) view: String,
}

/// Finds the schema in the file, or makes what is missing. It runs in the transaction of the caller.
pub(super) fn register(connection: &Connection, schema: &KnownSchema) -> rusqlite::Result<Registered> {
    if schema.columns().len() > MOST_COLUMNS {
        return Err(too_wide());
    }
    let event = match event(connection, schema.event())? {
        Some(event) => event,
        None => add_event(connection, schema.event())?,
    };
    let (columns, has_new) = columns(connection, &event, schema.columns())?;
    let words = schema.columns().iter().map(|column| words_of(connection, column)).collect::<Result<_, _>>()?;
    let number = match find(connection, schema, event.number)? {
        Some(number) => number,
        None => add(connection, schema, event.number)?,
    };
    if has_new || !view::is_there(connection, &event)? {
        view::renew(connection, &event)?;
    }
    Ok(Registered { schema: number, table: event.table, columns, words })
}

/// The events of the file.
pub(super) fn events(connection: &Connection) -> rusqlite::Result<Vec<Event>> {
    let mut statement = connection.prepare("SELECT number, table_name, view_name FROM _event ORDER BY number")?;
    let events = statement.query_map([], read_event)?;
    events.collect()
}

fn read_event(row: &rusqlite::Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event { number: row.get(0)?, table: row.get(1)?, view: row.get(2)? })
}

fn event(connection: &Connection, name: &str) -> rusqlite::Result<Option<Event>> {
    let sql = "SELECT number, table_name, view_name FROM _event WHERE name = ?1";
    connection.query_row(sql, [name], read_event).optional()
}

fn add_event(connection: &Connection, name: &str) -> rusqlite::Result<Event> {
    let (table, view) = (names::table(connection, name)?, names::view(connection, name)?);
    let quoted = quote(&table);
    connection.execute_batch(&format!(
        "CREATE TABLE {quoted} (_number INTEGER PRIMARY KEY, _day INTEGER NOT NULL, _install INTEGER NOT NULL, \
         _schema INTEGER NOT NULL, _ephemeral INTEGER NOT NULL, _id BLOB NOT NULL, _key INTEGER NOT NULL) STRICT;
         CREATE INDEX {} ON {quoted} (_key);
         CREATE INDEX {} ON {quoted} (_day, _ephemeral, _install, _schema);",
        quote(&format!("{table} key")),
        quote(&format!("{table} day")),
    ))?;
    connection
        .execute("INSERT INTO _event (name, table_name, view_name) VALUES (?1, ?2, ?3)", (name, &table, &view))?;
    Ok(Event { number: connection.last_insert_rowid(), table, view })
}

/// The names of the columns, and whether some were added.
fn columns(connection: &Connection, event: &Event, columns: &[Column]) -> rusqlite::Result<(Vec<String>, bool)> {
    let mut find = connection.prepare("SELECT name FROM _column WHERE event = ?1 AND path = ?2 AND kind = ?3")?;
    let mut taken: Vec<String> = connection
        .prepare("SELECT name FROM _column WHERE event = ?1")?
        .query_map([event.number], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let before = taken.len();
    let mut found = Vec::with_capacity(columns.len());
    for column in columns {
        let kind = names::kind_text(column.kind);
        let name = find.query_row((event.number, &column.path, kind), |row| row.get(0)).optional()?;
        let name = match name {
            Some(name) => name,
            None if taken.len() == MOST_COLUMNS => return Err(too_wide()),
            None => {
                let name = names::column(&column.path, column.kind, &taken)?;
                add_column(connection, event, column, &name)?;
                taken.push(name.clone());
                name
            }
        };
        found.push(name);
    }
    Ok((found, taken.len() > before))
}

/// The events of the schema are refused, and no others. Usually the directory of schemas is refused before.
fn too_wide() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_TOOBIG), None)
}

fn add_column(connection: &Connection, event: &Event, column: &Column, name: &str) -> rusqlite::Result<()> {
    let kind = if column.kind == ColumnKind::Json { "TEXT" } else { "INTEGER" };
    connection.execute_batch(&format!("ALTER TABLE {} ADD COLUMN {} {kind}", quote(&event.table), quote(name)))?;
    connection.execute(
        "INSERT INTO _column (event, path, kind, name) VALUES (?1, ?2, ?3, ?4)",
        (event.number, &column.path, names::kind_text(column.kind), name),
    )?;
    Ok(())
}

fn words_of(connection: &Connection, column: &Column) -> rusqlite::Result<Vec<i64>> {
    column.texts.iter().map(|text| words::number(connection, text)).collect()
}

fn find(connection: &Connection, schema: &KnownSchema, event: i64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT number FROM _schema WHERE event = ?1 AND hash = ?2";
    connection.query_row(sql, (event, schema.hash().0.as_slice()), |row| row.get(0)).optional()
}

fn add(connection: &Connection, schema: &KnownSchema, event: i64) -> rusqlite::Result<i64> {
    connection.execute(
        "INSERT INTO _schema (event, version, date, hash, json) VALUES (?1, ?2, ?3, ?4, ?5)",
        (event, schema.version(), schema.date(), schema.hash().0.as_slice(), schema.schema().to_json()),
    )?;
    Ok(connection.last_insert_rowid())
}
