//! Deletes what is older than the retention, a day at a time, after counting it, as the [file](crate::store) does.
//!
//! The engine has no transactions, so that each step can be taken again: facts say which day is being counted or deleted, and up to which row. Counts of
//! the same rows replace each other. Rows of that day that come later are counted as another part.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use super::http::EngineError;
use super::layout::TABLES;
use super::remove::tables;
use super::session::{Session, name, text};
use crate::arrival::Day;
use crate::receive::Clock;
use crate::store::{Facts, LEAST_RETENTION, Plan, Retained, is_complete};

/// How often one of several collectors does it.
const PERIOD: u64 = 6 * 60 * 60;

/// The day that is being counted and then deleted, the last row that belongs to it, and whether it is counted.
const DAY: &str = "day that is counted";
const LAST_ROW: &str = "last row that is counted";
const IS_COUNTED: &str = "day is counted";

/// As a fact, that there is nothing.
const NONE: i64 = i64::MIN;

/// An event with its table in quotes.
struct Event {
    number: i64,
    table: String,
}

/// The hours in which it is now, of which one of several collectors has each.
pub(super) fn period() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() / PERIOD
}

/// The first day that is kept.
pub(super) fn first_day(days: u16) -> i32 {
    Clock::system().today().0.saturating_sub(days.max(LEAST_RETENTION).into())
}

/// Whether these hours are this collector's from now on.
pub(super) fn claim(session: &Session, period: u64) -> Result<bool, EngineError> {
    session.claim(&format!("retention {period}"))
}

/// Counts and deletes all that is due.
pub(super) fn retain(session: &Session, clock: Day, days: u16) -> Result<Retained, EngineError> {
    let days = days.max(LEAST_RETENTION);
    let events = session.all("SELECT number, table_name FROM _event ORDER BY number", |row| {
        Ok(Event { number: row.integer(0)?, table: name(&row.text(1)?) })
    })?;
    let mut plan = Plan { facts: session, clock, postponed: BTreeSet::new() };
    let before = plan.before("rows", days, |before| {
        let mut due = BTreeSet::new();
        for event in &events {
            let sql = format!("SELECT DISTINCT _day FROM {} WHERE _day < {before} SETTINGS final = 0", event.table);
            due.extend(session.all(&sql, |row| Ok(i32::try_from(row.integer(0)?).unwrap_or(i32::MIN)))?);
        }
        Ok(due)
    })?;
    let postponed_days = u64::try_from(plan.postponed.len()).unwrap_or(u64::MAX);
    let mut retained = Retained { postponed_days, ..Retained::default() };
    while day(session, &events, (before, days), &mut retained)? {}
    rest(session, before)?;
    Ok(retained)
}

impl Facts for Session {
    type Error = EngineError;

    fn fact(&self, name: &str) -> Result<Option<i64>, EngineError> {
        self.fact(name)
    }

    fn set_fact(&self, name: &str, value: i64) -> Result<(), EngineError> {
        self.set_fact(name, value)
    }
}

/// Counts and deletes the oldest day, or finishes what was begun. Says whether there was one.
fn day(
    session: &Session,
    events: &[Event],
    (before, days): (i32, u16),
    retained: &mut Retained,
) -> Result<bool, EngineError> {
    let begun = session.fact(DAY)?.filter(|day| *day != NONE);
    let day = match begun {
        Some(day) => Some(day),
        None => oldest(session, events, before)?,
    };
    let Some(day) = day.and_then(|day| i32::try_from(day).ok()).map(Day) else { return Ok(false) };
    if begun.is_none() {
        session.set_fact(IS_COUNTED, 0)?;
        session.set_fact(LAST_ROW, last_row(session, events, day)?)?;
        session.set_fact(DAY, day.0.into())?;
    }
    let last = session.fact(LAST_ROW)?.unwrap_or(NONE);
    if session.fact(IS_COUNTED)? != Some(1) {
        Count { session, events, last }.day(day, days)?;
        session.set_fact(IS_COUNTED, 1)?;
    }
    for event in events {
        let condition = format!("_day = {} AND _number <= {last}", day.0);
        let count = session.integer(&format!("SELECT count() FROM {} WHERE {condition}", event.table))?;
        if let Some(count @ 1..) = count {
            session.delete(&event.table, &condition)?;
            retained.events += u64::try_from(count).unwrap_or(0);
        }
    }
    session.set_fact(DAY, NONE)?;
    retained.days += 1;
    Ok(true)
}

fn oldest(session: &Session, events: &[Event], before: i32) -> Result<Option<i64>, EngineError> {
    let mut oldest = None;
    for event in events {
        let day = session.integer(&format!("SELECT min(_day) FROM {} WHERE _day < {before}", event.table))?;
        oldest = oldest.into_iter().chain(day).min();
    }
    Ok(oldest)
}

fn last_row(session: &Session, events: &[Event], Day(day): Day) -> Result<i64, EngineError> {
    let mut last = NONE;
    for event in events {
        let row = session.integer(&format!("SELECT max(_number) FROM {} WHERE _day = {day}", event.table))?;
        last = last.max(row.unwrap_or(NONE));
    }
    Ok(last)
}

/// Deletes installations that nothing refers to, and removes from the disk what was deleted.
fn rest(session: &Session, before: i32) -> Result<(), EngineError> {
    // Rows that are not merged yet have a part of the days only.
    session.delete(
        "_install",
        &format!("number IN (SELECT number FROM _install FINAL WHERE last_day < {before} SETTINGS final = 1)"),
    )?;
    // What waited beside a collector for longer than that is deleted once it is taken over.
    for table in ["_deletion", "_deleted"] {
        session.delete(table, &format!("toRelativeDayNum(at) < {before}"))?;
    }
    let all = TABLES.into_iter().map(str::to_owned).chain(tables(session)?);
    for table in all {
        session.clean(&table)?;
    }
    Ok(())
}

/// The name of a week, its first day, and the day after it.
fn week(Day(day): Day) -> (&'static str, i32, Day) {
    // Day 0 was a Thursday.
    let first = day - (day + 3).rem_euclid(7);
    ("week", first, Day(first + 7))
}

/// The same of a month.
fn month(day: Day) -> (&'static str, i32, Day) {
    let date = day.date();
    let first = day.0 - i32::from(date.day()) + 1;
    ("month", first, Day(first + i32::from(date.days_in_month())))
}

/// Counts rows that will be deleted, up to the last one.
struct Count<'c> {
    session: &'c Session,
    events: &'c [Event],
    last: i64,
}

/// Days from the first to before the end, and which of the counts it is.
struct Period {
    name: &'static str,
    first: i32,
    end: i32,
    part: i64,
}

impl Count<'_> {
    fn day(&self, day: Day, days: u16) -> Result<(), EngineError> {
        for (name, first, end) in [week(day), month(day)] {
            let begun = format!(
                "SELECT count() FROM _active WHERE period = 'day' AND first_day >= {} AND first_day < {} AND NOT (first_day = {} AND part = {})",
                first, end.0, day.0, self.last
            );
            if is_complete(days, day, end) && self.session.integer(&begun)? == Some(0) {
                self.active(&Period { name, first, end: end.0, part: 0 })?;
            }
        }
        self.active(&Period { name: "day", first: day.0, end: day.0 + 1, part: self.last })?;
        for event in self.events {
            self.daily(event, day)?;
        }
        Ok(())
    }

    /// Counts the installations of a period: of each schema, of each event, and of all events.
    fn active(&self, period: &Period) -> Result<(), EngineError> {
        let Period { name, first, end, part } = period;
        let insert = |event: i64, schema: &str, rows: &str, group: &str| {
            self.run(&format!(
                "INSERT INTO _active (event, schema, period, first_day, part, installs) \
                 SELECT {event}, {schema}, {}, {first}, {part}, uniqExact(_install) FROM {rows}{group}",
                text(name)
            ))
        };
        // A week has rows of later days, of which some may have come after the last one that is counted of its first day.
        let up_to = if *part == 0 { String::new() } else { format!(" AND _number <= {part}") };
        let of =
            |event: &Event| format!("{} WHERE _day >= {first} AND _day < {end} AND NOT _ephemeral{up_to}", event.table);
        for event in self.events {
            insert(event.number, "_schema", &of(event), " GROUP BY _schema")?;
            insert(event.number, "0", &of(event), "")?;
        }
        let all: Vec<String> = self.events.iter().map(|event| format!("SELECT _install FROM {}", of(event))).collect();
        if all.is_empty() {
            return Ok(());
        }
        insert(0, "0", &format!("({})", all.join(" UNION ALL ")), "")
    }

    /// Counts the events of a day, and the values of each column.
    fn daily(&self, event: &Event, Day(day): Day) -> Result<(), EngineError> {
        let columns = format!("SELECT name, kind FROM _column WHERE event = {}", event.number);
        let columns = self.session.all(&columns, |row| Ok((row.text(0)?, row.text(1)?)))?;
        self.insert(event, day, "", "0", "''", "1")?;
        for (column, kind) in columns {
            let value = name(&column);
            let is_there = format!("{value} IS NOT NULL");
            match kind.as_str() {
                "word" => {
                    self.insert(event, day, &column, "0", &format!("toString(assumeNotNull({value}))"), &is_there)?
                }
                "integer" => self.insert(event, day, &column, &first_digit(&value), "''", &is_there)?,
                "json" => {
                    self.insert(event, day, &column, "0", "''", &is_there)?;
                    let items = format!("arrayJoin({})", atoms(&value));
                    self.insert(event, day, &column, "1", &items, &is_there)?;
                }
                _ => self.insert(event, day, &column, &format!("toInt64(assumeNotNull({value}))"), "''", &is_there)?,
            }
        }
        Ok(())
    }

    fn insert(
        &self,
        event: &Event,
        day: i32,
        column: &str,
        low: &str,
        item: &str,
        condition: &str,
    ) -> Result<(), EngineError> {
        self.run(&format!(
            "INSERT INTO _daily (event, schema, day, column, low, item, part, events, installs) \
             SELECT {}, _schema, {day}, {}, {low} AS low_of, {item} AS item_of, {last}, count(), uniqExactIf(_install, NOT _ephemeral) \
             FROM {} WHERE _day = {day} AND _number <= {last} AND {condition} GROUP BY _schema, low_of, item_of",
            event.number,
            text(column),
            event.table,
            last = self.last
        ))
    }

    fn run(&self, sql: &str) -> Result<(), EngineError> {
        self.session.run(&format!("{sql} SETTINGS final = 1"))
    }
}

/// An integer with zeros for all digits but the first, if it has three digits or more.
fn first_digit(value: &str) -> String {
    let value = format!("assumeNotNull({value})");
    let digits = format!("length(toString(abs({value})))");
    format!(
        "if({value} BETWEEN -99 AND 99, {value}, toInt64(intDiv({value}, toInt64(exp10({digits} - 1))) * toInt64(exp10({digits} - 1))))"
    )
}

/// The items of a list as text, without those that are lists or objects.
fn atoms(value: &str) -> String {
    let items = format!("JSONExtractArrayRaw(assumeNotNull({value}))");
    let atoms = format!("arrayFilter(item -> NOT match(item, '^(\\\\[|\\\\{{|null$)'), {items})");
    format!(
        "arrayMap(item -> multiIf(startsWith(item, '\"'), JSONExtractString(item), item = 'true', '1', item = 'false', '0', item), {atoms})"
    )
}
