//! Installations by number, with the days on which they were first and last seen.

use rusqlite::{Connection, OptionalExtension, Statement};

use crate::arrival::{AnonymousId, Day};

/// A larger table is rewritten once a day only.
const MOST_AT_ONCE: i64 = 20_000;

/// The fact that the table must be rewritten.
const MUST_REWRITE: &str = "installs to rewrite";

/// The numbers of installations.
#[derive(Debug)]
pub(super) struct Installs<'c> {
    find: Statement<'c>,
    add: Statement<'c>,
    extend: Statement<'c>,
    next: Statement<'c>,
}

impl<'c> Installs<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            find: connection.prepare("SELECT number, first_day, last_day FROM _install WHERE id = ?1")?,
            add: connection
                .prepare("INSERT INTO _install (id, number, first_day, last_day) VALUES (?1, ?2, ?3, ?3)")?,
            extend: connection.prepare(
                "UPDATE _install SET first_day = min(first_day, ?2), last_day = max(last_day, ?2) WHERE id = ?1",
            )?,
            // No number is used again.
            next: connection.prepare(
                "INSERT INTO _fact (name, value) VALUES ('last install', 1) \
                 ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value",
            )?,
        })
    }

    /// The number of an installation that was active on this day.
    pub(super) fn number(&mut self, AnonymousId(id): AnonymousId, Day(day): Day) -> rusqlite::Result<i64> {
        let id = id.as_slice();
        let found = self.find.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
        let Some((number, first, last)) = found else {
            let number = self.next.query_row([], |row| row.get(0))?;
            self.add.execute((id, number, day))?;
            return Ok(number);
        };
        if !(first..=last).contains(&day) {
            self.extend.execute((id, day))?;
        }
        Ok(number)
    }
}

/// Rewrites the table after rows were deleted, at once if it is small, otherwise when the retention runs.
///
/// SQLite overwrites what it deletes. But when it moves rows from one page to another, which it does to keep pages about equally full, it
/// leaves copies of them in the free space. A row that is deleted later has such copies still; they go with the old pages.
pub(super) fn rewrite(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM _install LIMIT ?1)";
    let count: i64 = connection.query_row(sql, [MOST_AT_ONCE], |row| row.get(0))?;
    if count < MOST_AT_ONCE {
        return copy(connection);
    }
    connection.execute("INSERT OR REPLACE INTO _fact (name, value) VALUES (?1, 1)", [MUST_REWRITE])?;
    Ok(())
}

/// Rewrites the table if that was put off, or if rows were deleted now.
pub(super) fn rewrite_if_due(connection: &Connection, has_deleted: bool) -> rusqlite::Result<()> {
    if connection.execute("DELETE FROM _fact WHERE name = ?1", [MUST_REWRITE])? > 0 || has_deleted {
        copy(connection)?;
    }
    Ok(())
}

/// Pages that are given up are overwritten.
fn copy(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "INSERT INTO _install_copy SELECT * FROM _install ORDER BY id;
         DELETE FROM _install;
         INSERT INTO _install SELECT * FROM _install_copy ORDER BY id;
         DELETE FROM _install_copy;",
    )
}
