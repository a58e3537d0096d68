//! The report of all events.

use super::AskError;
use super::active::{Active, Installs, Seen};
use super::activity::{self, Overlap, Past, Span};
use super::catalogue::{self, Stored};
use super::cells;
use super::counted;
use super::edition::{Edition, When};
use super::event::first_day;
use super::report::{Activity, Cohort, Count, EventSummary, Overview};
use super::source::Source;
use crate::arrival::Day;
use crate::check::Known;

/// What is stored of all events.
///
/// `least` is the least number of installations that is shown. 0 and 1 hide nothing.
///
/// # Errors
///
/// If the file cannot be read.
pub fn overview<'s>(
    source: impl Into<Source<'s>>,
    known: &Known,
    today: Day,
    least: u64,
) -> Result<Overview, AskError> {
    source.into().whole(|source| of(source, known, When::now(today), least))
}

/// The same, within one state of the store.
pub(super) fn of(source: Source<'_>, known: &Known, when: When, least: u64) -> Result<Overview, AskError> {
    let stored = catalogue::all(source)?;
    let past = Past::read(source, 0, 0)?;
    let span = span(source, &stored, &past, when)?;
    let installs = Installs::read(source)?;
    let counting = Counting { source, span: &span, when, installs: &installs };
    let mut seen = Vec::new();
    let mut events = Vec::new();
    for (name, schemas) in known.events() {
        let own = stored.iter().find(|event| event.name == name);
        let rows = own.map(|own| counting.rows(own)).transpose()?.unwrap_or_default();
        let summary = EventSummary {
            event: name.to_owned(),
            events: Count::Shown(rows.events),
            installs: Count::Shown(rows.installs),
            versions: catalogue::versions(schemas, own),
            is_counted: counted::is_counted(schemas),
        };
        // What is hidden of all events depends on what is hidden of each.
        let (activity, overlaps, retention) = if least > 1 || when.edition.is_some() {
            let past = own.map(|own| Past::read(source, own.number, 0)).transpose()?.unwrap_or_default();
            counting.activity(&rows.seen, &past)
        } else {
            (Activity::default(), Vec::new(), Vec::new())
        };
        events.push(cells::Own { summary, ephemeral: rows.ephemeral, activity, overlaps, retention });
        seen.extend(rows.seen);
    }
    // Events whose files of schemas were removed still tell of activity.
    for own in stored.iter().filter(|own| catalogue::schemas(known, &own.name).is_none()) {
        seen.extend(counting.rows(own)?.seen);
    }
    seen.sort_unstable();
    let (mut activity, overlaps, _) = counting.activity(&seen, &past);
    match when.edition {
        Some(_) => cells::published_overview(&mut activity, &overlaps, &mut events, least),
        None => cells::overview(&mut activity, &mut events, least),
    }
    Ok(Overview {
        today: when.today,
        least,
        since: span.since,
        until: span.until,
        counted_since: span.counted_since(),
        events: events.into_iter().map(|own| own.summary).collect(),
        activity,
    })
}

fn span(source: Source<'_>, stored: &[Stored], past: &Past, when: When) -> Result<Span, AskError> {
    let mut first = past.first();
    for event in stored {
        first = first.into_iter().chain(first_day(source, &event.table)?).min();
    }
    let until = when.edition.map_or(when.today, Edition::until);
    let kept_from = catalogue::kept_from(source, None, until)?;
    let since = when.since(first.unwrap_or(until).min(until));
    Ok(Span { today: when.today, since, from: None, until, kept_from, edition: when.edition })
}

/// How the tables are counted.
struct Counting<'c> {
    source: Source<'c>,
    span: &'c Span,
    when: When,
    installs: &'c Installs,
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

impl Counting<'_> {
    /// The activity on these days, which are in order.
    fn activity(&self, seen: &[(Day, usize)], past: &Past) -> (Activity, Vec<Overlap>, Vec<Cohort>) {
        let mut active = Active::new(self.installs, 0, self.when.levels());
        for (day, install) in seen {
            active.add(Seen { day: *day, number: 0, install: *install, version: 0 });
        }
        let counted = active.finish();
        let activity = activity::activity(self.span, &counted, past, &[]);
        (activity, activity::overlaps(&counted), activity::cohorts(self.span, &counted))
    }

    fn rows(&self, event: &Stored) -> Result<Rows, AskError> {
        let sql = format!(
            "SELECT _day, _ephemeral, _install FROM {} WHERE _day <= {} ORDER BY _day, _ephemeral, _install",
            event.table, self.span.until.0
        );
        let counted_since = self.span.counted_since();
        let (mut rows, mut senders, mut last) = (Rows::default(), vec![false; self.installs.len()], None);
        self.source.each(&sql, |row| {
            let (day, is_ephemeral, number) = (row.day(0)?, row.flag(1)?, row.integer(2)?);
            let Some(install) = self.installs.index(number) else { return Ok(()) };
            let is_counted = day >= counted_since;
            rows.events += u64::from(is_counted);
            rows.ephemeral += u64::from(is_counted && is_ephemeral);
            if is_ephemeral || last == Some((day, number)) {
                return Ok(());
            }
            last = Some((day, number));
            if let Some(is_sender) = senders.get_mut(install).filter(|_| is_counted) {
                rows.installs += u64::from(!std::mem::replace(is_sender, true));
            }
            rows.seen.push((day, install));
            Ok(())
        })?;
        Ok(rows)
    }
}
