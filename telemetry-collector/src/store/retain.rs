//! Deletes what is older than the retention, a day a transaction, after counting it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

use super::names::quote;
use super::{aggregate, quarantine, register, rewrite};
use crate::arrival::Day;
use crate::check::envelope::OLDEST;

/// The least number of days that rows are kept. Events may be up to 7 days old when they arrive, so that a day is complete only then.
pub const LEAST_RETENTION: u16 = OLDEST as u16 + 1;

/// Of how many days events are deleted at most, once on each day that the clock shows. Days without events do not count. The same holds for events
/// that wait for a schema, for rejects, and for requests for deletion.
///
/// The clock can be years ahead: after an empty battery, or by a mistake. Where the collector was not running for longer, it takes some days to
/// delete what is due. What a shorter retention makes due is deleted at once.
pub const MOST_DAYS_AT_ONCE: u16 = 7;

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retained {
    /// Days that were counted and deleted.
    pub days: u64,
    /// Events that were deleted.
    pub events: u64,
    /// Events that were deleted since their schema did not come.
    pub quarantined: u64,
    /// How many days are due by the clock and left for its next days. If this is a surprise, the clock is wrong.
    pub postponed_days: u64,
}

/// What a store remembers from run to run.
pub(crate) trait Facts {
    type Error;
    fn fact(&self, name: &str) -> Result<Option<i64>, Self::Error>;
    fn set_fact(&self, name: &str, value: i64) -> Result<(), Self::Error>;
}

/// Decides what a run deletes.
#[derive(Debug)]
pub(crate) struct Plan<'f, F> {
    pub(crate) facts: &'f F,
    pub(crate) clock: Day,
    pub(crate) postponed: BTreeSet<i32>,
}

impl<F: Facts> Plan<'_, F> {
    /// The first day of which a kind is kept. `due` has the days before another one on which there is something of it.
    pub(crate) fn before(
        &mut self,
        kind: &str,
        days: u16,
        due: impl FnOnce(i32) -> Result<BTreeSet<i32>, F::Error>,
    ) -> Result<i32, F::Error> {
        let by_clock = self.clock.0.saturating_sub(days.into());
        let due = due(by_clock)?;
        let [clock, retention, limit] = ["clock", "days", "limit"].map(|what| format!("retention of {kind}: {what}"));
        let is_begun = self.facts.fact(&clock)? == Some(self.clock.0.into());
        let integer = |value: Option<i64>| value.and_then(|value| i32::try_from(value).ok());
        let longer = integer(self.facts.fact(&retention)?).unwrap_or(0).max(days.into());
        // The days from here on were kept by a longer retention until now. Who makes it shorter asks for all of them to be deleted.
        let by_longer = self.clock.0.saturating_sub(longer);
        let known = integer(self.facts.fact(&limit)?);
        let before = match known.filter(|limit| is_begun && *limit < by_clock) {
            // Days were left before on this day of the clock.
            Some(limit) => limit,
            None => {
                let left = due.range(..by_longer).nth(MOST_DAYS_AT_ONCE.into()).copied();
                self.facts.set_fact(&limit, left.unwrap_or(i32::MAX).into())?;
                self.facts.set_fact(&clock, self.clock.0.into())?;
                left.unwrap_or(by_clock)
            }
        };
        // The shorter one is the one to go by once they are gone, also if a run is ended before that.
        if due.range(by_longer..).next().is_none() {
            self.facts.set_fact(&retention, days.into())?;
        }
        self.postponed.extend(due.range(before..));
        Ok(before)
    }
}

/// What is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retention {
    days: u16,
    /// The first days of rows, of what waits, of rejects, and of requests for deletion.
    rows: i32,
    waiting: i32,
    rejects: i32,
    deletions: i32,
    /// How many days are left for the next days.
    pub(super) postponed: u64,
}

impl Retention {
    /// Begins a run. It runs in the transaction of the caller.
    pub(super) fn begin(connection: &Connection, clock: Day, days: u16) -> rusqlite::Result<Self> {
        let days = days.max(LEAST_RETENTION);
        let mut plan = Plan { facts: connection, clock, postponed: BTreeSet::new() };
        let rows = plan.before("rows", days, |before| {
            let mut due = BTreeSet::new();
            for event in register::events(connection)? {
                due.extend(due_days_of(connection, &event, before)?);
            }
            Ok(due)
        })?;
        let waiting = plan.before("quarantine", days.min(quarantine::MOST_DAYS_WAITING), |before| {
            due_days(connection, "day", "_quarantine", before)
        })?;
        let rejects = plan.before("rejects", days, |before| due_days(connection, "day", "_reject", before))?;
        let deletions = plan.before("deletions", days, |before| due_days(connection, "day", "_deletion", before))?;
        let postponed = count(plan.postponed.len());
        Ok(Self { days, rows, waiting, rejects, deletions, postponed })
    }

    /// Whether a period is counted with its first day: see [`is_complete`].
    pub(super) fn is_complete(self, day: Day, end: Day) -> bool {
        is_complete(self.days, day, end)
    }
}

/// Whether no event from before the end of a period can arrive any more on the first day on which a day is due. The clock may be far ahead of that.
pub(crate) fn is_complete(days: u16, Day(day): Day, Day(end): Day) -> bool {
    end.saturating_add(i32::from(OLDEST)) <= day.saturating_add(i32::from(days)).saturating_add(1)
}

/// The days before another one of which an event has rows. Each is looked up in the index, of which there can be millions of rows a day.
fn due_days_of(connection: &Connection, event: &register::Event, before: i32) -> rusqlite::Result<BTreeSet<i32>> {
    let sql = format!("SELECT min(_day) FROM {} WHERE _day > ?1 AND _day < ?2", quote(&event.table));
    let mut next = connection.prepare(&sql)?;
    let (mut due, mut last) = (BTreeSet::new(), i32::MIN);
    while let Some(day) = next.query_row((last, before), |row| row.get::<_, Option<i32>>(0))? {
        due.insert(day);
        last = day;
    }
    Ok(due)
}

/// The days before another one on which a table has something.
fn due_days(connection: &Connection, day: &str, table: &str, before: i32) -> rusqlite::Result<BTreeSet<i32>> {
    let sql = format!("SELECT DISTINCT {day} FROM {table} WHERE {day} < ?1");
    connection.prepare(&sql)?.query_map([before], |row| row.get(0))?.collect()
}

/// Counts and deletes the oldest day. Says whether there was one.
pub(super) fn day(connection: &Connection, retention: Retention, retained: &mut Retained) -> rusqlite::Result<bool> {
    let events = register::events(connection)?;
    let mut oldest: Option<i32> = None;
    for event in &events {
        let sql = format!("SELECT min(_day) FROM {} WHERE _day < ?1", quote(&event.table));
        let day: Option<i32> = connection.query_row(&sql, [retention.rows], |row| row.get(0))?;
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
    let expired = quarantine::remove(connection, "day < ?1", [retention.waiting], usize::MAX >> 1)?;
    if expired > 0 {
        quarantine::count_deleted(connection, quarantine::EXPIRED, expired)?;
    }
    retained.quarantined += expired;
    connection.execute("DELETE FROM _reject WHERE day < ?1", [retention.rejects])?;
    connection.execute("DELETE FROM _deletion WHERE day < ?1", [retention.deletions])?;
    let installs = connection.execute("DELETE FROM _install WHERE last_day < ?1", [retention.rows])?;
    if installs > 0 {
        rewrite::must(connection, rewrite::Table::Installs)?;
    }
    if expired > 0 {
        rewrite::must(connection, rewrite::Table::Quarantine)?;
    }
    rewrite::all(connection)
}

impl Facts for Connection {
    type Error = rusqlite::Error;

    fn fact(&self, name: &str) -> rusqlite::Result<Option<i64>> {
        self.query_row("SELECT value FROM _fact WHERE name = ?1", [name], |row| row.get(0)).optional()
    }

    fn set_fact(&self, name: &str, value: i64) -> rusqlite::Result<()> {
        self.execute("INSERT OR REPLACE INTO _fact (name, value) VALUES (?1, ?2)", (name, value))?;
        Ok(())
    }
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
