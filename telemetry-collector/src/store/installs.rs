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
    /// The one that was asked for last, within a transaction. A batch has the events of one.
    last: Option<Install>,
}

#[derive(Clone, Copy, Debug)]
struct Install {
    id: AnonymousId,
    number: i64,
    first_day: i32,
    last_day: i32,
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
            last: None,
        })
    }

    /// Forgets what it remembers, since installations may have been deleted or changed.
    pub(super) const fn forget(&mut self) {
        self.last = None;
    }

    /// The number of an installation that was active on this day.
    pub(super) fn number(&mut self, id: AnonymousId, Day(day): Day) -> rusqlite::Result<i64> {
        let install = match self.last.filter(|last| last.id == id) {
            Some(last) => last,
            None => self.read(id, day)?,
        };
        if !(install.first_day..=install.last_day).contains(&day) {
            self.extend.execute((id.0.as_slice(), day))?;
        }
        let (first_day, last_day) = (install.first_day.min(day), install.last_day.max(day));
        self.last = Some(Install { first_day, last_day, ..install });
        Ok(install.number)
    }

    /// The installation as it is stored. It is added when it is missing.
    fn read(&mut self, id: AnonymousId, day: i32) -> rusqlite::Result<Install> {
        let bytes = id.0.as_slice();
        let found = self.find.query_row([bytes], |row| {
            Ok(Install { id, number: row.get(0)?, first_day: row.get(1)?, last_day: row.get(2)? })
        });
        if let Some(install) = found.optional()? {
            return Ok(install);
        }
        let number = self.next.query_row([], |row| row.get(0))?;
        self.add.execute((bytes, number, day))?;
        Ok(Install { id, number, first_day: day, last_day: day })
    }
}
