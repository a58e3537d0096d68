//! The report of all events.

use rusqlite::Connection;

use super::AskError;
use super::active::{Active, Installs, Seen};
use super::activity::{self, Past, Span};
use super::catalogue::{self, Stored};
use super::cells;
use super::event::first_day;
use super::report::{Activity, Count, EventSummary, Overview};
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
    let span = Span { today, since: first.unwrap_or(today).min(today), from: None, until: today, kept_from };
    let installs = Installs::read(&transaction)?;
    let mut seen = Vec::new();
    let (mut events, mut own_activity) = (Vec::new(), Vec::new());
    for (name, schemas) in known.events() {
        let own = stored.iter().find(|event| event.name == name);
        let rows = own.map(|own| rows(&transaction, own, today, &installs)).transpose()?.unwrap_or_default();
        let mut summary = EventSummary {
            event: name.to_owned(),
            events: Count::Shown(rows.events),
            installs: Count::Shown(rows.installs),
            versions: catalogue::versions(schemas, own),
        };
        cells::summary(&mut summary, rows.ephemeral, least);
        events.push(summary);
        if let Some(own) = own.filter(|_| least > 1) {
            let past = Past::read(&transaction, own.number, 0)?;
            own_activity.push((events.len() - 1, activity_of(&span, &installs, &rows.seen, &past)));
        }
        seen.extend(rows.seen);
    }
    // Events whose files of schemas were removed still tell of activity.
    for own in stored.iter().filter(|own| catalogue::schemas(known, &own.name).is_none()) {
        seen.extend(rows(&transaction, own, today, &installs)?.seen);
    }
    seen.sort_unstable();
    let mut activity = activity_of(&span, &installs, &seen, &past);
    let summaries = events.iter_mut().enumerate().filter_map(|(index, summary)| {
        let at = own_activity.iter().position(|(own, _)| *own == index)?;
        Some((summary, own_activity.swap_remove(at).1))
    });
    cells::overview(&mut activity, summaries.collect(), least);
    Ok(Overview { today, least, since: span.since, events, activity })
}

/// The activity on these days, which are in order.
fn activity_of(span: &Span, installs: &Installs, seen: &[(Day, usize)], past: &Past) -> Activity {
    let mut active = Active::new(installs, 0);
    for (day, install) in seen {
        active.add(Seen { day: *day, number: 0, install: *install, version: 0 });
    }
    activity::activity(span, &active, past, &[])
}

/// What is in the table of an event.
#[derive(Default)]
struct Rows {
    events: u64,
    ephemeral: u64,
    installs: u64,
    /// On which days each installation was active, in order of days.
    seen: Vec<(Day, usize)>,
}

fn rows(connection: &Connection, event: &Stored, Day(today): Day, installs: &Installs) -> rusqlite::Result<Rows> {
    let sql = format!(
        "SELECT _day, _ephemeral, _install FROM {} WHERE _day <= ?1 ORDER BY _day, _ephemeral, _install",
        event.table
    );
    let mut statement = connection.prepare(&sql)?;
    let mut found = statement.query([today])?;
    let (mut rows, mut senders, mut last) = (Rows::default(), vec![false; installs.len()], None);
    while let Some(row) = found.next()? {
        let (day, is_ephemeral, number): (i32, bool, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        rows.events += 1;
        rows.ephemeral += u64::from(is_ephemeral);
        if is_ephemeral || last == Some((day, number)) {
            continue;
        }
        last = Some((day, number));
        if let Some(install) = installs.index(number) {
            if let Some(is_sender) = senders.get_mut(install) {
                rows.installs += u64::from(!std::mem::replace(is_sender, true));
            }
            rows.seen.push((Day(day), install));
        }
    }
    Ok(rows)
}
