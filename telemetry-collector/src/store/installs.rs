//! Installations by number, with the days on which they were first and last seen.

use rusqlite::{Connection, OptionalExtension, Statement};

use crate::arrival::{AnonymousId, Day};

/// The numbers of installations.
#[derive(Debug)]
pub(super) struct Installs<'c> {
    connection: &'c Connection,
    find: Statement<'c>,
    add: Statement<'c>,
    extend: Statement<'c>,
}

impl<'c> Installs<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            find: connection.prepare("SELECT number, first_day, last_day FROM _install WHERE id = ?1")?,
            add: connection.prepare("INSERT INTO _install (id, first_day, last_day) VALUES (?1, ?2, ?2)")?,
            extend: connection.prepare(
                "UPDATE _install SET first_day = min(first_day, ?2), last_day = max(last_day, ?2) WHERE number = ?1",
            )?,
        })
    }

    /// The number of an installation that was active on this day.
    pub(super) fn number(&mut self, AnonymousId(id): AnonymousId, Day(day): Day) -> rusqlite::Result<i64> {
        let found =
            self.find.query_row([id.as_slice()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
        let Some((number, first, last)) = found else {
            self.add.execute((id.as_slice(), day))?;
            return Ok(self.connection.last_insert_rowid());
        };
        if !(first..=last).contains(&day) {
            self.extend.execute((number, day))?;
        }
        Ok(number)
    }
}
