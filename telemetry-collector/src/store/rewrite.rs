//! Rewrites the tables that hold anonymous ids, some time after rows were deleted.
//!
//! SQLite overwrites what it deletes. But when it moves rows from one page to another, which it does to keep pages about equally full, it
//! leaves copies of them in the free space. A row that is deleted later has such copies still; they go with the old pages.
//!
//! Anybody can have events deleted again and again. So only the tables of which rows were deleted are rewritten, and not after each deletion:
//! once in [`Limits::rewrite_pause`](super::Limits) and when the store is closed, or if the table is large, when the retention runs. Until then
//! the file says that it must be done.

use rusqlite::{Connection, OptionalExtension};

/// A larger table is rewritten only when the retention runs.
const MOST_AT_ONCE: i64 = 20_000;

/// The fact that tables must be rewritten: the sum of their bits.
const MUST_REWRITE: &str = "tables of ids to rewrite";

/// A table that holds anonymous ids.
#[derive(Clone, Copy, Debug)]
pub(super) enum Table {
    Installs,
    Quarantine,
}

impl Table {
    const ALL: [Self; 2] = [Self::Installs, Self::Quarantine];

    const fn bit(self) -> i64 {
        match self {
            Self::Installs => 1,
            Self::Quarantine => 2,
        }
    }

    /// Its name, and the column of its order.
    const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Installs => ("_install", "id"),
            Self::Quarantine => ("_quarantine", "number"),
        }
    }

    fn is_large(self, connection: &Connection) -> rusqlite::Result<bool> {
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT ?1)", self.name().0);
        let count: i64 = connection.query_row(&sql, [MOST_AT_ONCE], |row| row.get(0))?;
        Ok(count >= MOST_AT_ONCE)
    }

    /// Pages that are given up are overwritten.
    fn rewrite(self, connection: &Connection) -> rusqlite::Result<()> {
        let (table, order) = self.name();
        connection.execute_batch(&format!(
            "INSERT INTO {table}_copy SELECT * FROM {table} ORDER BY {order};
             DELETE FROM {table};
             INSERT INTO {table} SELECT * FROM {table}_copy ORDER BY {order};
             DELETE FROM {table}_copy;"
        ))
    }
}

/// Notes that rows of a table were deleted.
pub(super) fn must(connection: &Connection, table: Table) -> rusqlite::Result<()> {
    let sql =
        "INSERT INTO _fact (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = value | excluded.value";
    connection.execute(sql, (MUST_REWRITE, table.bit())).map(drop)
}

/// Whether tables must be rewritten.
pub(super) fn is_due(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(noted(connection)? > 0)
}

/// Rewrites the tables that must be rewritten and are not large.
pub(super) fn small(connection: &Connection) -> rusqlite::Result<()> {
    rewrite(connection, |table| Ok(!table.is_large(connection)?))
}

/// Rewrites the tables that must be rewritten.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<()> {
    rewrite(connection, |_| Ok(true))
}

fn rewrite(connection: &Connection, is_now: impl Fn(Table) -> rusqlite::Result<bool>) -> rusqlite::Result<()> {
    let noted = noted(connection)?;
    let mut left = noted;
    for table in Table::ALL {
        if noted & table.bit() > 0 && is_now(table)? {
            table.rewrite(connection)?;
            left &= !table.bit();
        }
    }
    if left == 0 {
        connection.execute("DELETE FROM _fact WHERE name = ?1", [MUST_REWRITE])?;
    } else if left != noted {
        connection.execute("UPDATE _fact SET value = ?2 WHERE name = ?1", (MUST_REWRITE, left))?;
    }
    Ok(())
}

fn noted(connection: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT value FROM _fact WHERE name = ?1";
    Ok(connection.query_row(sql, [MUST_REWRITE], |row| row.get(0)).optional()?.unwrap_or(0))
}
