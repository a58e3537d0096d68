//! The tables that every file has, and the marks by which a file is known.

use rusqlite::Connection;

use super::id_key;

/// The application's number in the head of the file: `tlmc`.
pub(super) const APPLICATION: i32 = 0x746c_6d63;

/// The format of the file. A change that this version could not read gets another number.
pub(super) const FORMAT: i32 = 2;

/// The tables that every file has. Names of events begin with a letter, so no table of an event has such a name.
const TABLES: &str = "
CREATE TABLE _fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Every word of every schema, once.
CREATE TABLE _word (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE _event (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, table_name TEXT NOT NULL, view_name TEXT NOT NULL
) STRICT;

-- The column of the event's table in which the values of a path are, for each kind that the path had.
CREATE TABLE _column (
    number INTEGER PRIMARY KEY, event INTEGER NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    UNIQUE (event, path, kind)
) STRICT;

-- Two events that send the same have the same hash.
CREATE TABLE _schema (
    number INTEGER PRIMARY KEY, event INTEGER NOT NULL, version TEXT NOT NULL, date TEXT NOT NULL,
    hash BLOB NOT NULL, json TEXT NOT NULL, UNIQUE (event, hash)
) STRICT;

-- Installations. The anonymous id is here, and with events that wait.
CREATE TABLE _install (
    id BLOB PRIMARY KEY, number INTEGER NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The same, for a moment, while the pages of the table are rewritten.
CREATE TABLE _install_copy (
    id BLOB PRIMARY KEY, number INTEGER NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Kinds of events whose schemas are not known: the hash of the schema, and under it that of the name of the event.
-- `is_named` is 1 if the event had another schema that was known. The bytes are those that were sent.
CREATE TABLE _unknown (
    number INTEGER PRIMARY KEY, hash BLOB NOT NULL, event BLOB NOT NULL, is_named INTEGER NOT NULL,
    events INTEGER NOT NULL, bytes INTEGER NOT NULL, UNIQUE (hash, event)
) STRICT;

-- Events of these kinds. They may never be events of an installation, so that they have the anonymous id instead of its number.
CREATE TABLE _quarantine (
    number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL, day INTEGER NOT NULL,
    install BLOB NOT NULL, ephemeral INTEGER NOT NULL, bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX _quarantine_kind ON _quarantine (kind);
CREATE INDEX _quarantine_install ON _quarantine (install);

-- The same, for a moment, while the pages of the table are rewritten.
CREATE TABLE _quarantine_copy (
    number INTEGER PRIMARY KEY, id BLOB NOT NULL, kind INTEGER NOT NULL, day INTEGER NOT NULL,
    install BLOB NOT NULL, ephemeral INTEGER NOT NULL, bytes INTEGER NOT NULL
) STRICT;

-- Their payloads, by the same numbers. The texts in them are hashes.
CREATE TABLE _payload (number INTEGER PRIMARY KEY, payload BLOB NOT NULL) STRICT;

-- Events that did not fit: how many, never what. The schema is 0 if it is not known.
CREATE TABLE _reject (
    day INTEGER, schema INTEGER, fault TEXT, path TEXT, events INTEGER NOT NULL, PRIMARY KEY (day, schema, fault, path)
) STRICT, WITHOUT ROWID;

-- Requests of deletion, by the ids of the requests. Nothing tells what was deleted.
CREATE TABLE _deletion (id BLOB PRIMARY KEY, day INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- What remains of rows that are older than the retention: events and installations a day, schema, column and value.
-- Column 0 is the event as a whole. Integers of three digits and more are counted by their first digit. `low` is the
-- value. Of JSON, `low` is 0 for all values, and 1 for the items of lists, which are in `item`.
CREATE TABLE _daily (
    event INTEGER, schema INTEGER, day INTEGER, column INTEGER, low INTEGER, item TEXT,
    events INTEGER NOT NULL, installs INTEGER NOT NULL, PRIMARY KEY (event, schema, day, column, low, item)
) STRICT, WITHOUT ROWID;

-- Installations that were active in a day, a week from its Monday, or a month, before rows were deleted.
-- Event 0 is any event, and schema 0 is any schema of the event.
CREATE TABLE _active (
    event INTEGER, schema INTEGER, period TEXT, first_day INTEGER, installs INTEGER NOT NULL,
    PRIMARY KEY (event, schema, period, first_day)
) STRICT, WITHOUT ROWID;
";

/// Makes the tables of an empty file.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "BEGIN; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT}; {TABLES} \
         INSERT INTO _fact (name, value) VALUES ('{SECRET}', random()); COMMIT;",
        SECRET = id_key::SECRET
    ))
}

/// The statements that make everything in the file, unless it is there.
pub(super) fn sql(connection: &Connection) -> rusqlite::Result<String> {
    let mut statement = connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")?;
    let mut text = String::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let made = row.get_ref(0)?.as_str()?;
        let begin =
            ["CREATE TABLE ", "CREATE INDEX ", "CREATE VIEW "].into_iter().find(|begin| made.starts_with(begin));
        match begin {
            Some(begin) => text.extend([begin, "IF NOT EXISTS ", made.get(begin.len()..).unwrap_or_default()]),
            None => text.push_str(made),
        }
        text.push_str(";\n");
    }
    Ok(text)
}
