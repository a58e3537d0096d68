//! Rewrites the tables that hold anonymous ids, after rows were deleted.
//!
//! SQLite overwrites what it deletes. But when it moves rows from one page to another, which it does to keep pages about equally full, it
//! leaves copies of them in the free space. A row that is deleted later has such copies still; they go with the old pages.

use rusqlite::Connection;

/// A larger table is rewritten once a day only.
const MOST_AT_ONCE: i64 = 20_000;

/// The fact that tables must be rewritten.
const MUST_REWRITE: &str = "tables to rewrite";

/// The tables, and the columns of their order.
const TABLES: [(&str, &str); 2] = [("_install", "id"), ("_quarantine", "number")];

/// Rewrites the tables, those that are small at once, the others when the retention runs.
pub(super) fn rewrite(connection: &Connection) -> rusqlite::Result<()> {
    for (table, order) in TABLES {
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT ?1)");
        let count: i64 = connection.query_row(&sql, [MOST_AT_ONCE], |row| row.get(0))?;
        if count < MOST_AT_ONCE {
            copy(connection, table, order)?;
        } else {
            put_off(connection)?;
        }
    }
    Ok(())
}

/// Leaves the rewriting to the retention.
pub(super) fn put_off(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("INSERT OR REPLACE INTO _fact (name, value) VALUES (?1, 1)", [MUST_REWRITE]).map(drop)
}

/// Rewrites the tables if that was put off, or if rows were deleted now.
pub(super) fn rewrite_if_due(connection: &Connection, has_deleted: bool) -> rusqlite::Result<()> {
    if connection.execute("DELETE FROM _fact WHERE name = ?1", [MUST_REWRITE])? > 0 || has_deleted {
        for (table, order) in TABLES {
            copy(connection, table, order)?;
        }
    }
    Ok(())
}

/// Pages that are given up are overwritten.
fn copy(connection: &Connection, table: &str, order: &str) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "INSERT INTO {table}_copy SELECT * FROM {table} ORDER BY {order};
         DELETE FROM {table};
         INSERT INTO {table} SELECT * FROM {table}_copy ORDER BY {order};
         DELETE FROM {table}_copy;"
    ))
}
