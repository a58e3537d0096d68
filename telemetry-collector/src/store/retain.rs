//! Deletes what is older than the retention, a day a transaction, after counting it.

use rusqlite::{Connection, OptionalExtension};

use super::names::quote;
use super::{aggregate, quarantine, register, rewrite};
use crate::arrival::Day;
use crate::check::envelope::OLDEST;

/// The least number of days that rows are kept. Events may be up to 7 days old when they arrive, so that a day is complete only then.
pub const LEAST_RETENTION: u16 = OLDEST as u16 + 1;

/// How many days one run may go further than the last one.
///
/// The day comes from the system's clock, which can be years ahead: after an empty battery, or by a mistake. So one run of a day never
/// deletes more than a week. Where the collector was not running for longer, it takes some days to delete what is due.
pub const MOST_DAYS: i32 = 7;

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retained {
    /// Days that were counted and deleted.
    pub days: u64,
    /// Events that were deleted.
    pub events: u64,
    /// Events that were deleted since their schema did not come.
    pub quarantined: u64,
    /// How many days are left for the next days, since the clock is so far ahead of the last run. If this is a surprise, the clock is wrong, or was
    /// wrong then.
    pub postponed_days: u64,
}

/// Which rows are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retention {
    /// The day on which it runs.
    pub(crate) today: Day,
    /// The first day whose rows are kept.
    pub(crate) before: Day,
    /// How many days the clock is ahead of the day on which it runs.
    pub(crate) postponed: u64,
    /// The day that the next run goes on from.
    pub(crate) last_day: Day,
    /// Whether there is any row.
    pub(crate) has_rows: bool,
}

/// What is known when a run begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begun {
    /// The day that the last run left.
    pub(crate) last_day: Option<i32>,
    /// The day that the clock showed then.
    pub(crate) last_clock: Option<i32>,
    /// The first and the last day of rows of events.
    pub(crate) rows: Option<(i32, i32)>,
}

impl Retention {
    /// Begins a run. It runs in the transaction of the caller.
    pub(super) fn begin(connection: &Connection, clock: Day, days: u16) -> rusqlite::Result<Self> {
        let rows = rows(connection)?;
        let begun = Begun { last_day: fact(connection, LAST_DAY)?, last_clock: fact(connection, LAST_CLOCK)?, rows };
        let retention = Self::after(begun, clock, days);
        set_fact(connection, LAST_DAY, retention.last_day.0)?;
        set_fact(connection, LAST_CLOCK, clock.0)?;
        Ok(retention)
    }

    /// Decides on which day it runs: the day of the clock, unless that is far ahead of the last run.
    ///
    /// The clock may be right now and have been wrong before. The days of rows tell: neither a last run before the first row is believed
    /// nor a clock before the last row.
    pub(crate) fn after(begun: Begun, clock: Day, days: u16) -> Self {
        let days = i32::from(days.max(LEAST_RETENTION));
        // On the same day of the clock, it goes no further.
        let step = if begun.last_clock == Some(clock.0) { 0 } else { MOST_DAYS };
        let (today, last_day) = match (begun.last_day, begun.rows) {
            (None, _) | (_, None) => (clock.0, clock.0),
            (Some(last), Some((first_row, last_row))) => {
                // On this day, the first row would be kept.
                let last = if last < first_row { first_row.saturating_add(days) } else { last };
                let today = clock.0.min(last.saturating_add(step));
                let last_day = if clock.0 < first_row {
                    last
                } else if clock.0 < last_row {
                    // Either the clock is behind now, or rows came while it was ahead.
                    today.max(last.saturating_sub(step))
                } else {
                    today
                };
                (today, last_day)
            }
        };
        Self {
            today: Day(today),
            before: Day(today.saturating_sub(days)),
            postponed: u64::try_from(clock.0.saturating_sub(today)).unwrap_or(0),
            last_day: Day(last_day),
            has_rows: begun.rows.is_some(),
        }
    }

    /// Whether no event of the day before this one can arrive any more.
    pub(crate) fn is_complete(&self, Day(end): Day) -> bool {
        end.saturating_add(i32::from(OLDEST)) <= self.today.0
    }
}

/// The first and the last day of rows of events.
fn rows(connection: &Connection) -> rusqlite::Result<Option<(i32, i32)>> {
    let mut days: Option<(i32, i32)> = None;
    for event in register::events(connection)? {
        // Each is looked up in the index.
        let table = quote(&event.table);
        let sql = format!("SELECT (SELECT min(_day) FROM {table}), (SELECT max(_day) FROM {table})");
        let of_event: (Option<i32>, Option<i32>) =
            connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if let (Some(first), Some(last)) = of_event {
            days = Some(days.map_or((first, last), |(from, to)| (from.min(first), to.max(last))));
        }
    }
    Ok(days)
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
    let expired_before = before.max(retention.today.0.saturating_sub(quarantine::MOST_DAYS.into()));
    let expired = quarantine::remove(connection, "day < ?1", [expired_before], usize::MAX >> 1)?;
    if expired > 0 {
        quarantine::count_deleted(connection, quarantine::EXPIRED, expired)?;
    }
    retained.quarantined += expired;
    connection.execute("DELETE FROM _reject WHERE day < ?1", [before])?;
    connection.execute("DELETE FROM _deletion WHERE day < ?1", [before])?;
    let installs = connection.execute("DELETE FROM _install WHERE last_day < ?1", [before])?;
    if installs > 0 {
        rewrite::must(connection, rewrite::Table::Installs)?;
    }
    if expired > 0 {
        rewrite::must(connection, rewrite::Table::Quarantine)?;
    }
    rewrite::all(connection)?;
    // Without rows, the clock alone would say it.
    if retention.has_rows && fact(connection, ROWS_FROM)?.is_none_or(|known| known < before) {
        set_fact(connection, ROWS_FROM, before)?;
    }
    Ok(())
}

/// The day that the last run left, and the day that the clock showed then.
const LAST_DAY: &str = "retained on day";
const LAST_CLOCK: &str = "clock of retention";

/// The first day whose rows are all there.
const ROWS_FROM: &str = "rows from day";

fn fact(connection: &Connection, name: &str) -> rusqlite::Result<Option<i32>> {
    connection.query_row("SELECT value FROM _fact WHERE name = ?1", [name], |row| row.get(0)).optional()
}

fn set_fact(connection: &Connection, name: &str, value: i32) -> rusqlite::Result<()> {
    connection.execute("INSERT OR REPLACE INTO _fact (name, value) VALUES (?1, ?2)", (name, value))?;
    Ok(())
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
