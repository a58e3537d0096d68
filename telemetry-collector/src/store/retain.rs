//! Deletes what is older than the retention, a day a transaction, after counting it.

use rusqlite::{Connection, OptionalExtension};

use super::aggregate;
use super::names::quote;
use super::{installs, register};
use crate::arrival::Day;

/// The least number of days that rows are kept. Events may be up to 7 days old when they arrive, so that a day is complete only then.
pub const LEAST_RETENTION: u16 = 8;

/// How many days old an event is at most when it arrives.
const OLDEST: i32 = 7;

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retained {
    /// Days that were counted and deleted.
    pub days: u64,
    /// Events that were deleted.
    pub events: u64,
    /// Events that were deleted since their schema did not come.
    pub quarantined: u64,
}

/// Which rows are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retention {
    /// The day on which it runs.
    pub(super) today: Day,
    /// The first day whose rows are kept.
    pub(super) before: Day,
}

impl Retention {
    pub(super) fn new(today: Day, days: u16) -> Self {
        Self { today, before: Day(today.0.saturating_sub(i32::from(days.max(LEAST_RETENTION)))) }
    }

    /// Whether no event of the day before this one can arrive any more.
    pub(super) fn is_complete(&self, Day(end): Day) -> bool {
        end.saturating_add(OLDEST) <= self.today.0
    }
}

/// Counts and deletes the oldest day. Says whether there was one.
pub(super) fn day(connection: &Connection, retention: Retention, retained: &mut Retained) -> rusqlite::Result<bool> {
    let events = register::events(connection)?;
    let mut oldest: Option<i32> = None;
    for event in &events {
        let sql = format!("SELECT min(_day) FROM {} WHERE _day < ?1", quote(&event.table));
        let day: Option<i32> = connection.query_row(&sql, [retention.before.0], |row| row.get(0))?;
        oldest = oldest.into_iter().chain(day).min();
    }
    let Some(day) = oldest else { return Ok(false) };
    aggregate::day(connection, &events, Day(day), retention)?;
    for event in &events {
        let deleted = connection.execute(&format!("DELETE FROM {} WHERE _day = ?1", quote(&event.table)), [day])?;
        retained.events += count(deleted);
    }
    retained.days += 1;
    Ok(true)
}

/// Deletes the rest that is older: what waits, rejects, deletions, and installations that nothing refers to.
pub(super) fn rest(connection: &Connection, retention: Retention, retained: &mut Retained) -> rusqlite::Result<()> {
    let before = retention.before.0;
    retained.quarantined += count(connection.execute("DELETE FROM _quarantine WHERE day < ?1", [before])?);
    connection.execute("DELETE FROM _reject WHERE day < ?1", [before])?;
    connection.execute("DELETE FROM _deletion WHERE day < ?1", [before])?;
    let installs = connection.execute("DELETE FROM _install WHERE last_day < ?1", [before])?;
    installs::rewrite_if_due(connection, installs > 0)?;
    let known = "SELECT value FROM _fact WHERE name = 'rows from day'";
    let known: Option<i32> = connection.query_row(known, [], |row| row.get(0)).optional()?;
    if known.is_none_or(|known| known < before) {
        connection.execute("INSERT OR REPLACE INTO _fact (name, value) VALUES ('rows from day', ?1)", [before])?;
    }
    Ok(())
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
