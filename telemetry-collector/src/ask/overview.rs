//! The report of all events.

use std::collections::HashSet;

use rusqlite::Connection;

use super::AskError;
use super::active::{Active, Installs, Seen};
use super::activity::{self, Past, Span};
use super::catalogue::{self, Stored};
use super::event::first_day;
use super::report::{Count, EventSummary, Overview};
use crate::arrival::Day;
use crate::check::Known;

/// What is stored of all events.
///
/// `least` is the least number of installations that is shown. 0 and 1 hide nothing.
///
/// # Errors
///
/// If the file cannot be read.
pub fn overview(connection: &Connection, known: &Known, today: Day, least: u64) -> Result<Overview, AskError> {
    let transaction = connection.unchecked_transaction()?;
    let stored = catalogue::all(&transaction)?;
    let past = Past::read(&transaction, 0, 0)?;
    let mut first = past.first();
    for event in &stored {
        first = first.into_iter().chain(first_day(&transaction, &event.table)?).min();
    }
    let kept_from = catalogue::kept_from(&transaction)?.map(Day);
    let span = Span { today, since: first.unwrap_or(today).min(today), until: today, kept_from };
    let installs = Installs::read(&transaction)?;
    let (mut seen, mut events) = (Vec::new(), Vec::new());
    for (name, schemas) in known.events() {
        let own = stored.iter().find(|event| event.name == name);
        let counts = own.map(|own| rows(&transaction, own, today, &installs, &mut seen)).transpose()?;
        let (rows, sent) = counts.unwrap_or_default();
        events.push(EventSummary {
            event: name.to_owned(),
            events: Count::Shown(rows),
            installs: Count::Shown(sent),
            versions: catalogue::versions(schemas, own),
        });
    }
    // Events whose files of schemas were removed still tell of activity.
    for own in stored.iter().filter(|own| catalogue::schemas(known, &own.name).is_none()) {
        rows(&transaction, own, today, &installs, &mut seen)?;
    }
    seen.sort_unstable();
    let mut active = Active::new(&installs, 0);
    for (day, install) in seen {
        active.add(Seen { day, number: 0, install, version: 0 });
    }
    let activity = activity::activity(&span, &active, &past, &[]);
    Ok(Overview { today, least, since: span.since, events, activity })
}

/// Counts the events of a table and its installations, and notes on which days each was active.
fn rows(
    connection: &Connection,
    event: &Stored,
    Day(today): Day,
    installs: &Installs,
    seen: &mut Vec<(Day, usize)>,
) -> rusqlite::Result<(u64, u64)> {
    let sql = format!(
        "SELECT _day, _ephemeral, _install FROM {} WHERE _day <= ?1 ORDER BY _day, _ephemeral, _install",
        event.table
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([today])?;
    let (mut events, mut senders, mut last) = (0, HashSet::new(), None);
    while let Some(row) = rows.next()? {
        events += 1;
        let (day, is_ephemeral, number): (i32, bool, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if is_ephemeral || last == Some((day, number)) {
            continue;
        }
        last = Some((day, number));
        if let Some(install) = installs.index(number) {
            senders.insert(install);
            seen.push((Day(day), install));
        }
    }
    Ok((events, u64::try_from(senders.len()).unwrap_or(u64::MAX)))
}
