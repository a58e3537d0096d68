//! Counts of a day that outlive its rows. They have no ids.
//!
//! Installations are counted without those whose id lives only as long as one process. A week or month is counted when its first day is
//! deleted, if all its rows are there: a month therefore needs a retention of 38 days, and a week one of 14.

use rusqlite::Connection;

use super::names::quote;
use super::register::Event;
use super::retain::Retention;
use crate::arrival::Day;

/// Counts the rows of a day, which is the oldest one with rows.
pub(super) fn day(connection: &Connection, events: &[Event], day: Day, retention: Retention) -> rusqlite::Result<()> {
    for period in [week(day), month(connection, day)?] {
        if retention.is_complete(day, period.end) && !is_begun(connection, &period)? {
            active(connection, events, &period)?;
        }
    }
    active(connection, events, &Period { name: "day", first: day, end: Day(day.0 + 1) })?;
    for event in events {
        whole(connection, event, day)?;
        columns(connection, event, day)?;
    }
    Ok(())
}

/// Days from the first to before the end.
struct Period {
    name: &'static str,
    first: Day,
    end: Day,
}

fn week(Day(day): Day) -> Period {
    // Day 0 was a Thursday.
    let first = day - (day + 3).rem_euclid(7);
    Period { name: "week", first: Day(first), end: Day(first + 7) }
}

fn month(connection: &Connection, Day(day): Day) -> rusqlite::Result<Period> {
    let sql = "SELECT unixepoch(?1 * 86400, 'unixepoch', 'start of month') / 86400,
                      unixepoch(?1 * 86400, 'unixepoch', 'start of month', '+1 month') / 86400";
    connection.query_row(sql, [day], |row| Ok(Period { name: "month", first: Day(row.get(0)?), end: Day(row.get(1)?) }))
}

/// Whether rows of the period were deleted already, so that it cannot be counted any more.
fn is_begun(connection: &Connection, period: &Period) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM _active WHERE period = 'day' AND first_day >= ?1 AND first_day < ?2)";
    connection.query_row(sql, (period.first.0, period.end.0), |row| row.get(0))
}

/// Counts the installations of a period: of each schema, of each event, and of all events.
fn active(connection: &Connection, events: &[Event], period: &Period) -> rusqlite::Result<()> {
    // One statement can join 500 tables at most, so the installations of all events are collected.
    connection.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS counted (install INTEGER PRIMARY KEY) WITHOUT ROWID; DELETE FROM temp.counted;",
    )?;
    for event in events {
        let (number, table) = (event.number, quote(&event.table));
        let rows = format!("FROM {table} WHERE _day >= ?2 AND _day < ?3 AND _ephemeral = 0 AND ?1 IS NOT NULL");
        insert_active(
            connection,
            period,
            &format!("SELECT {number}, _schema, ?1, ?2, count(DISTINCT _install) {rows} GROUP BY _schema"),
        )?;
        insert_active(connection, period, &format!("SELECT {number}, 0, ?1, ?2, count(DISTINCT _install) {rows}"))?;
        let collect = format!("INSERT OR IGNORE INTO temp.counted SELECT _install {rows}");
        connection.execute(&collect, (period.name, period.first.0, period.end.0))?;
    }
    insert_active(connection, period, "SELECT 0, 0, ?1, ?2, count(*) FROM temp.counted WHERE ?3 IS NOT NULL")
}

fn insert_active(connection: &Connection, period: &Period, select: &str) -> rusqlite::Result<()> {
    // Rows of a day that was counted before come from clocks that were wrong. They are added to the day, as in the other counts.
    let sql = format!(
        "INSERT INTO _active (event, schema, period, first_day, installs) SELECT * FROM ({select}) WHERE true \
         ON CONFLICT DO UPDATE SET installs = installs + excluded.installs WHERE period = 'day'"
    );
    connection.execute(&sql, (period.name, period.first.0, period.end.0))?;
    Ok(())
}

/// Counts the events of a day.
fn whole(connection: &Connection, event: &Event, day: Day) -> rusqlite::Result<()> {
    insert_daily(
        connection,
        event,
        day,
        0,
        "0",
        "''",
        &format!("{} AS event WHERE event._day = ?3", quote(&event.table)),
    )
}

/// Counts the values of each column.
fn columns(connection: &Connection, event: &Event, day: Day) -> rusqlite::Result<()> {
    let table = quote(&event.table);
    let mut statement = connection.prepare("SELECT number, name, kind FROM _column WHERE event = ?1")?;
    let mut rows = statement.query([event.number])?;
    while let Some(row) = rows.next()? {
        let number = row.get(0)?;
        let value = format!("event.{}", quote(row.get_ref(1)?.as_str()?));
        let present = format!("{table} AS event WHERE event._day = ?3 AND {value} IS NOT NULL");
        match row.get_ref(2)?.as_str()? {
            "integer" => insert_daily(connection, event, day, number, &first_digit(&value), "''", &present)?,
            "json" => {
                insert_daily(connection, event, day, number, "0", "''", &present)?;
                let items = format!(
                    "{table} AS event, json_each(iif(json_type({value}) = 'array', {value}, '[]')) AS item \
                     WHERE event._day = ?3 AND {value} IS NOT NULL AND item.atom IS NOT NULL"
                );
                insert_daily(connection, event, day, number, "1", "CAST(item.atom AS TEXT)", &items)?;
            }
            _ => insert_daily(connection, event, day, number, &value, "''", &present)?,
        }
    }
    Ok(())
}

fn insert_daily(
    connection: &Connection,
    event: &Event,
    Day(day): Day,
    column: i64,
    low: &str,
    item: &str,
    rows: &str,
) -> rusqlite::Result<()> {
    let sql = format!(
        "INSERT INTO _daily (event, schema, day, column, low, item, events, installs) \
         SELECT ?1, event._schema, ?3, ?2, {low} AS low, {item} AS item, count(*), \
             count(DISTINCT iif(event._ephemeral, NULL, event._install)) FROM {rows} GROUP BY 2, 5, 6 \
         ON CONFLICT DO UPDATE SET events = events + excluded.events, installs = installs + excluded.installs"
    );
    connection.execute(&sql, (event.number, column, day))?;
    Ok(())
}

/// An integer with zeros for all digits but the first, if it has three digits or more.
fn first_digit(value: &str) -> String {
    format!(
        "iif({value} BETWEEN -99 AND 99, {value}, CAST(substr({value}, 1, 1 + ({value} < 0)) || \
         substr('000000000000000000', 1, length({value}) - 1 - ({value} < 0)) AS INTEGER))"
    )
}
