//! The report of one event.

use std::collections::{BTreeMap, HashMap};

use super::AskError;
use super::active::{Active, Counted, Installs, Seen};
use super::activity::{self, Overlap, Past, Span};
use super::catalogue::{self, Stored};
use super::cells;
use super::condition;
use super::counted;
use super::edition::When;
use super::fields::{self, Field};
use super::filter::Filter;
use super::latest::{Crossing, Latest};
use super::matching::Matching;
use super::releases::{self, Releases};
use super::report::{Choice, Count, EventReport, FieldReport, Values};
use super::source::Source;
use super::sums::{self, Summed};
use super::tally::Tally;
use super::weeks;
use crate::arrival::Day;
use crate::check::Known;

/// What is stored of one event, as far as the filter lets it through. Nothing if no schema of this event is known.
///
/// `least` is the least number of installations that is shown. 0 and 1 hide nothing.
///
/// # Errors
///
/// If the filter does not fit the event, or the file cannot be read.
pub fn event<'s>(
    source: impl Into<Source<'s>>,
    known: &Known,
    event: &str,
    filter: &Filter,
    today: Day,
    least: u64,
) -> Result<Option<EventReport>, AskError> {
    source.into().whole(|source| of(source, known, event, filter, When::now(today), least))
}

/// The same, within one state of the store.
pub(super) fn of(
    source: Source<'_>,
    known: &Known,
    event: &str,
    filter: &Filter,
    when: When,
    least: u64,
) -> Result<Option<EventReport>, AskError> {
    let Some(schemas) = catalogue::schemas(known, event) else { return Ok(None) };
    let stored = catalogue::find(source, event)?;
    let mut fields = fields::fields(schemas);
    if let Some(stored) = &stored {
        releases::note(source, &mut fields, schemas, stored)?;
    }
    let versions = catalogue::versions(schemas, stored.as_ref());
    condition::check(filter, &fields, &versions)?;
    let is_counted = counted::is_counted(schemas);
    let has_sums = is_counted && least <= 1 && when.edition.is_none();
    let times = has_sums.then(|| stored.as_ref().map_or_else(String::new, |stored| counted::times(schemas, stored)));
    let question = Question { source, fields: &fields, versions: &versions, filter, when, times: times.as_deref() };
    let (mut report, beside) = question.answer(event, stored.as_ref())?;
    report.is_counted = is_counted;
    let releases = Releases::new(&fields, schemas, stored.as_ref(), &beside.releases);
    releases.part(&mut report.fields);
    match when.edition {
        Some(_) => cells::published(&mut report, &fields, &releases, &beside.overlaps, least),
        None => cells::event(&mut report, &fields, &releases, least),
    }
    if let Some(told_from) = beside.cohorts_from {
        report.retention.retain(|cohort| cohort.first >= told_from);
    }
    report.choices = choices(&fields, &versions, &report.fields);
    Ok(Some(report))
}

struct Question<'q> {
    source: Source<'q>,
    fields: &'q [Field],
    versions: &'q [String],
    filter: &'q Filter,
    when: When,
    /// How often the event of a row happened, if that is told: an expression.
    times: Option<&'q str>,
}

/// What is counted, and not told.
struct Beside {
    /// The latest rows by the number of their schema.
    releases: HashMap<i64, u64>,
    /// What weeks and months have in common, if it is published.
    overlaps: Vec<Overlap>,
    /// The first cohort that is told.
    cohorts_from: Option<Day>,
}

/// What a pass over all rows found.
struct Pass {
    events: u64,
    ephemeral: u64,
    /// The latest row of each installation, if it has the asked values. If the event is summed up, the latest row that has them.
    latest: Vec<i64>,
    /// The least and the greatest number of the rows.
    numbers: Option<(i64, i64)>,
    active: Counted,
}

impl Question<'_> {
    fn answer(&self, event: &str, stored: Option<&Stored>) -> Result<(EventReport, Beside), AskError> {
        let (span, past) = self.span(stored)?;
        let installs = Installs::read(self.source)?;
        let mut pass = match stored {
            Some(stored) => self.pass(stored, &span, &installs)?,
            None => Pass {
                events: 0,
                ephemeral: 0,
                latest: Vec::new(),
                numbers: None,
                active: self.counting(&installs).finish(),
            },
        };
        let mut latest = Latest::new(self.source, self.fields, self.filter)?;
        let activity = activity::activity(&span, &pass.active, &past, self.versions);
        let weeks: Vec<Day> = activity.weeks.iter().map(|week| week.first).collect();
        let sums = match (self.times, stored, pass.numbers) {
            (Some(times), Some(stored), Some(numbers)) => {
                let rows = condition::rows(self.source, self.filter, self.fields, stored)?;
                let summed = Summed { source: self.source, stored, times, rows: &rows, span: &span, numbers };
                Some(summed.read(&pass.active, &mut latest)?)
            }
            (Some(_), ..) => Some(sums::sums(&span, &BTreeMap::new())),
            (None, Some(stored), _) => {
                latest.read(self.source, stored, &mut pass.latest)?;
                None
            }
            (None, None, _) => None,
        };
        let mut reports: Vec<FieldReport> = latest.tallies.iter().map(Tally::report).collect();
        if sums.is_none() {
            let columns = weeks::Columns { source: self.source, stored, fields: self.fields };
            weeks::add(&mut reports, &columns, &mut pass.active.weekly, &weeks)?;
        }
        let beside = Beside {
            releases: latest.releases,
            overlaps: activity::overlaps(&pass.active),
            cohorts_from: span.cohorts_from(),
        };
        let report = EventReport {
            event: event.to_owned(),
            today: self.when.today,
            least: 0,
            counted_since: span.counted_since(),
            since: span.since,
            until: span.until,
            events: Count::Shown(pass.events),
            ephemeral: Count::Shown(pass.ephemeral),
            installs: Count::Shown(u64::try_from(pass.latest.len()).unwrap_or(u64::MAX)),
            choices: Vec::new(),
            retention: activity::cohorts(&span, &pass.active),
            activity,
            is_counted: false,
            sums,
            fields: reports,
            cross: latest.cross.map(Crossing::report),
        };
        Ok((report, beside))
    }

    /// The days of the report, and the counts of the days before.
    fn span(&self, stored: Option<&Stored>) -> Result<(Span, Past), AskError> {
        let past = match stored {
            Some(stored) => self.past(stored)?,
            None => Past::default(),
        };
        let until = self.filter.until.unwrap_or(self.when.today);
        let until = self.filter.from.map_or(until, |from| from.max(until));
        let (first, kept_from) = match stored {
            Some(stored) => {
                (first_day(self.source, &stored.table)?, catalogue::kept_from(self.source, Some(stored.number), until)?)
            }
            None => (None, None),
        };
        let first = first.into_iter().chain(past.first()).min().unwrap_or(until);
        let since = self.when.since(self.filter.from.unwrap_or(first).min(until));
        let When { today, edition } = self.when;
        Ok((Span { today, since, from: self.filter.from, until, kept_from, edition }, past))
    }

    /// Days that are over were counted by schema, and not by value.
    fn past(&self, stored: &Stored) -> Result<Past, AskError> {
        if !self.filter.conditions.is_empty() {
            return Ok(Past::default());
        }
        let Some(version) = &self.filter.version else { return Past::read(self.source, stored.number, 0) };
        match stored.numbers(version).as_slice() {
            [schema] => Past::read(self.source, stored.number, *schema),
            _ => Ok(Past::default()),
        }
    }

    fn counting<'i>(&self, installs: &'i Installs) -> Active<'i> {
        Active::new(installs, self.versions.len(), self.when.levels())
    }

    fn pass(&self, stored: &Stored, span: &Span, installs: &Installs) -> Result<Pass, AskError> {
        let rows = condition::rows(self.source, self.filter, self.fields, stored)?;
        let matching = Matching::read(self.source, &stored.table, rows.values.as_deref())?;
        // An index has all of these columns. The expression holds numbers only.
        let sql = format!(
            "SELECT _day, _ephemeral, _install, _number, _schema FROM {}
             WHERE _day >= {} AND _day <= {} AND {} ORDER BY _day",
            stored.table,
            span.since.0,
            span.until.0,
            rows.version.as_deref().unwrap_or("1"),
        );
        let positions = self.positions(stored);
        let mut active = self.counting(installs);
        let (mut events, mut ephemeral, mut numbers) = (0, 0, None);
        let counted_since = span.counted_since();
        let mut last: Vec<Option<(Day, i64, bool)>> = vec![None; installs.len()];
        // Most rows have the schema of the row before.
        let (mut schema, mut version) = (None, usize::MAX);
        self.source.each(&sql, |row| {
            // Where there are no transactions, a row of an installation that has just come is of a later state.
            let Some(install) = installs.index(row.integer(2)?) else { return Ok(()) };
            let (day, is_ephemeral, number) = (row.day(0)?, row.flag(1)?, row.integer(3)?);
            let matches = matching.contains(number);
            let is_counted = day >= counted_since;
            if matches && is_counted {
                let (least, greatest) = numbers.unwrap_or((number, number));
                numbers = Some((number.min(least), number.max(greatest)));
                events += 1;
                ephemeral += u64::from(is_ephemeral);
            }
            if is_ephemeral {
                return Ok(());
            }
            let can_be_last = matches || self.times.is_none();
            if let Some(last) = last.get_mut(install).filter(|_| is_counted && can_be_last) {
                *last = (*last).max(Some((day, number, matches)));
            }
            if matches {
                let own = row.integer(4)?;
                if schema.replace(own) != Some(own) {
                    version = positions.get(&own).copied().unwrap_or(usize::MAX);
                }
                active.add(Seen { day, number, install, version });
            }
            Ok(())
        })?;
        let latest = last.into_iter().flatten().filter(|(.., matches)| *matches).map(|(_, number, _)| number).collect();
        Ok(Pass { events, ephemeral, latest, numbers, active: active.finish() })
    }

    /// The position of the version of each schema.
    fn positions(&self, stored: &Stored) -> HashMap<i64, usize> {
        let position = |version: &String| self.versions.iter().position(|known| known == version);
        stored.schemas.iter().filter_map(|(number, version)| Some((*number, position(version)?))).collect()
    }
}

/// What a filter can ask for: of a field with versions, those that are shown.
fn choices(fields: &[Field], versions: &[String], reports: &[FieldReport]) -> Vec<Choice> {
    let mut choices = fields::choices(fields, versions);
    // The first one is the version of the schema.
    for choice in choices.iter_mut().skip(1) {
        let report = reports.iter().find(|report| report.path == choice.path);
        if let Some(Values::Versions { bars, .. }) = report.map(|report| &report.values) {
            let versions = bars.iter().map(|bar| bar.label.as_str()).filter(|label| *label != cells::OTHER);
            choice.values = versions.map(str::to_owned).collect();
        }
    }
    choices
}

/// The first day with rows.
pub(super) fn first_day(source: Source<'_>, table: &str) -> Result<Option<Day>, AskError> {
    let day = source.integer(&format!("SELECT min(_day) FROM {table}"))?;
    day.map(|day| i32::try_from(day).map(Day).map_err(|_| AskError::Layout)).transpose()
}
