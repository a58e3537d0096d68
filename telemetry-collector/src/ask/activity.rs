//! The activity of a report, from counted rows and from the counts that outlive their rows.

use std::collections::{BTreeMap, HashMap};

use super::AskError;
use super::active::{Counted, Period};
use super::edition::{self, Edition};
use super::period::{Level, is_over};
use super::report::{Active, Activity, Bar, Cohort, Count};
use super::source::Source;
use crate::arrival::Day;

/// The time that a report is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) today: Day,
    pub(super) since: Day,
    /// The first day that the filter lets through.
    pub(super) from: Option<Day>,
    /// The last day, inclusive.
    pub(super) until: Day,
    /// The first day whose rows are all there.
    pub(super) kept_from: Option<Day>,
    /// What is published, if it is not a report of today.
    pub(super) edition: Option<Edition>,
}

impl Span {
    /// The first days of the periods of a level, oldest first.
    pub(super) fn firsts(&self, level: Level) -> Vec<Day> {
        let mut first = level.first(self.since).max(level.oldest(self.until));
        let mut firsts = Vec::new();
        while first <= self.until && firsts.len() < 100 {
            firsts.push(first);
            first = level.end(first);
        }
        firsts
    }

    pub(super) fn is_complete(&self, first: Day, end: Day) -> bool {
        is_over(end, self.today) && self.is_whole(first, end)
    }

    /// Whether the filter lets all of the period through.
    fn is_whole(&self, first: Day, end: Day) -> bool {
        self.from.is_none_or(|from| from <= first) && end.0.saturating_sub(1) <= self.until.0
    }

    /// Whether rows of the period were deleted.
    fn is_deleted(&self, first: Day) -> bool {
        self.kept_from.is_some_and(|kept| first < kept)
    }

    /// Whether the period tells what outlives its rows only.
    pub(super) fn is_cut(&self, first: Day) -> bool {
        self.is_deleted(first) || self.edition.is_some_and(|edition| first < edition.rows_from)
    }

    /// The Monday of the first week that still has its rows, if earlier weeks with events have lost theirs.
    pub(super) fn told_from(&self) -> Option<Day> {
        let week = Level::Week.first(self.since);
        let mut first = week.max(Level::Week.oldest(self.until));
        while first <= self.until && self.is_cut(first) {
            first = Level::Week.end(first);
        }
        (first > week).then_some(first)
    }

    /// The first day of events, installations and fields: these are counted over rows. It is after the last day if none of the rows are there.
    pub(super) fn counted_since(&self) -> Day {
        self.edition
            .map_or_else(|| self.kept_from.map_or(self.since, |kept| kept.max(self.since)), |edition| edition.week)
    }

    /// The first cohort that is told, and the first period with new and returning installations. Which of them are hidden depends on the
    /// older cohorts that are followed, so that these have to be there.
    pub(super) fn cohorts_from(&self) -> Option<Day> {
        let followed = i32::try_from(7 * edition::WEEKS_LATER).unwrap_or(i32::MAX);
        self.edition.and(self.told_from()).map(|first| Day(first.0.saturating_add(followed)))
    }

    /// Whether a month can be published. The weeks that it overlaps must be told, too: they say whether it is hidden.
    fn is_published(&self, month: Day) -> bool {
        self.is_complete(month, Level::Month.end(month))
            && self.told_from().is_none_or(|first| first <= Level::Week.first(month))
    }
}

/// Counts of periods whose rows are deleted, by the name of the level and the first day.
#[derive(Debug, Default)]
pub(super) struct Past(HashMap<(String, i32), u64>);

impl Past {
    /// Of an event and a schema. 0 is any.
    pub(super) fn read(source: Source<'_>, event: i64, schema: i64) -> Result<Self, AskError> {
        let sql = format!(
            "SELECT period, first_day, sum(installs) FROM _active WHERE event = {event} AND schema = {schema} GROUP BY period, first_day"
        );
        let counts = source.all(&sql, |row| Ok(((row.text(0)?, row.day(1)?.0), row.count(2)?)))?;
        Ok(Self(counts.into_iter().collect()))
    }

    /// The first day that is counted.
    pub(super) fn first(&self) -> Option<Day> {
        self.0.keys().filter(|(level, _)| level == "day").map(|(_, first)| Day(*first)).min()
    }

    fn get(&self, level: Level, first: Day) -> Option<u64> {
        self.0.get(&(level.name().to_owned(), first.0)).copied()
    }
}

pub(super) fn activity(span: &Span, counted: &Counted, past: &Past, versions: &[String]) -> Activity {
    let level = |level| {
        let Some(periods) = counted.periods(level) else { return Vec::new() };
        let firsts = span.firsts(level).into_iter();
        firsts.filter_map(|first| active(span, (level, periods), first, past, versions)).collect()
    };
    let mut activity = Activity { days: level(Level::Day), weeks: level(Level::Week), months: level(Level::Month) };
    if span.edition.is_some() {
        activity.months.retain(|month| span.is_published(month.first));
    }
    activity
}

/// Nothing if rows of the period were deleted, and it was not counted before.
fn active(
    span: &Span,
    (level, periods): (Level, &BTreeMap<Day, Period>),
    first: Day,
    past: &Past,
    versions: &[String],
) -> Option<Active> {
    let is_complete = span.is_complete(first, level.end(first));
    let none = Period::default();
    let period = periods.get(&first).unwrap_or(&none);
    if span.is_cut(first) {
        // A period of which the filter has a part only was not counted.
        if !span.is_whole(first, level.end(first)) {
            return None;
        }
        let installs = if span.is_deleted(first) { past.get(level, first)? } else { period.installs };
        let installs = Count::Shown(installs);
        return Some(Active { first, is_complete, installs, new: None, returning: None, versions: Vec::new() });
    }
    let bar = |(index, version): (usize, &String)| Bar {
        label: version.clone(),
        count: Count::Shown(period.versions.get(index).copied().unwrap_or(0)),
    };
    let is_told = span.cohorts_from().is_none_or(|from| from <= first);
    let told = |count| is_told.then_some(Count::Shown(count));
    Some(Active {
        first,
        is_complete,
        installs: Count::Shown(period.installs),
        new: told(period.new),
        returning: told(period.installs.saturating_sub(period.new)),
        versions: versions.iter().enumerate().map(bar).collect(),
    })
}

/// What a week and a month have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overlap {
    pub(super) first: Day,
    pub(super) installs: u64,
    pub(super) new: u64,
}

/// What weeks and months have in common, if it is counted.
pub(super) fn overlaps(counted: &Counted) -> Vec<Overlap> {
    let periods = counted.periods(Level::Overlap).into_iter().flatten();
    periods.map(|(first, period)| Overlap { first: *first, installs: period.installs, new: period.new }).collect()
}

/// The cohorts of the weeks whose rows are there.
pub(super) fn cohorts(span: &Span, counted: &Counted) -> Vec<Cohort> {
    let firsts = span.firsts(Level::Week);
    let is_complete = |week: &Day| span.is_complete(*week, Level::Week.end(*week));
    let most = if span.edition.is_some() { edition::WEEKS_LATER } else { usize::MAX };
    let cohort = |(index, first): (usize, &Day)| {
        let group = counted.groups.get(first);
        let later = firsts.iter().skip(index + 1).filter(|week| is_complete(week)).take(most);
        let active = |week: &Day| group.and_then(|group| group.later.get(week)).copied().unwrap_or(0);
        Cohort {
            first: *first,
            size: Count::Shown(group.map_or(0, |group| group.size)),
            later: later.map(|week| Count::Shown(active(week))).collect(),
        }
    };
    let mut cohorts: Vec<Cohort> = firsts.iter().enumerate().map(cohort).collect();
    cohorts.retain(|cohort| !span.is_cut(cohort.first));
    cohorts
}
