//! Installations by number, with the days on which they were first and last seen.

use rusqlite::{Connection, OptionalExtension, Statement};

use crate::arrival::{AnonymousId, Day};

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
