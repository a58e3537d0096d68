//! What is published, again and again: an edition for each complete week.
//!
//! A reader can subtract one edition from another, so each number is of a period that is over, and nothing is counted from the beginning of
//! time up to now. Whether a number is hidden depends on events of this period and of earlier ones only, or else it is hidden later and not
//! shown later. So an edition has no more to tell of the weeks of an earlier one.
//!
//! - Events, installations and fields are those of the last complete week. The next edition has those of the next week.
//! - Weeks and months are counted once they are complete. Days are not told.
//! - Cohorts are followed for [`WEEKS_LATER`] weeks. Those of whose week the reader has seen older cohorts disappear are left out.
//!
//! The rows that an edition needs are not deleted before the next one: what would be deleted in the meantime is treated as if it were.

use super::period::{self, Level};
use super::report::{EventReport, Overview};
use super::source::Source;
use super::{AskError, Filter, event, overview};
use crate::arrival::Day;
use crate::check::Known;

/// For how many weeks a cohort is followed.
pub(super) const WEEKS_LATER: usize = 12;

/// What is published of all events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// All events.
    pub overview: Overview,
    /// Each event.
    pub events: Vec<EventReport>,
}

/// The week that an edition is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edition {
    /// The Monday of the last complete week.
    pub(super) week: Day,
    /// A Monday. The rows from then on are there until the next edition.
    pub(super) rows_from: Day,
}

/// When a report is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct When {
    pub(super) today: Day,
    /// Nothing, if it is a report of today.
    pub(super) edition: Option<Edition>,
}

impl When {
    pub(super) const fn now(today: Day) -> Self {
        Self { today, edition: None }
    }

    /// The first day with events as it is told: of a day alone, nothing is published.
    pub(super) fn since(self, first: Day) -> Day {
        if self.edition.is_some() { Level::Week.first(first) } else { first }
    }

    /// The levels that are counted.
    pub(super) const fn levels(self) -> &'static [Level] {
        if self.edition.is_some() { &[Level::Week, Level::Month, Level::Overlap] } else { &Level::SHOWN }
    }
}

impl Edition {
    fn new(today: Day, retention_days: u16) -> Self {
        let week = period::last_complete_week(today);
        let last = Self { week, rows_from: week }.today().0.saturating_add(6);
        let kept = last.saturating_sub(i32::from(retention_days));
        Self { week, rows_from: Level::Week.first(Day(kept.saturating_add(6))) }
    }

    /// The last day, inclusive.
    pub(super) fn until(self) -> Day {
        Day(Level::Week.end(self.week).0.saturating_sub(1))
    }

    /// The first day on which the week is complete. It is that of all exports of the edition.
    pub(super) fn today(self) -> Day {
        period::over(Level::Week.end(self.week))
    }
}

/// What can be published on a day: the same on each day of a week, unless schemas are added or an installation is deleted.
///
/// `retention_days` says which rows will be deleted before the next edition. `least` is the least number of installations that is shown.
///
/// # Errors
///
/// If the file cannot be read.
pub fn published<'s>(
    source: impl Into<Source<'s>>,
    known: &Known,
    today: Day,
    retention_days: u16,
    least: u64,
) -> Result<Published, AskError> {
    let edition = Edition::new(today, retention_days);
    let when = When { today: edition.today(), edition: Some(edition) };
    let filter = Filter { until: Some(edition.until()), ..Filter::default() };
    source.into().whole(|source| {
        let overview = overview::of(source, known, when, least)?;
        let mut events = Vec::new();
        for (name, _) in known.events() {
            let report = event::of(source, known, name, &filter, when, least)?;
            // What a filter could ask for is of no use without filters.
            events.extend(report.map(|report| EventReport { choices: Vec::new(), ..report }));
        }
        Ok(Published { overview, events })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_is_the_same_for_seven_days() {
        // Monday, 2026-11-30.
        let first = 20_787;
        for day in first..first + 7 {
            let edition = Edition::new(Day(day), 100);
            assert_eq!((edition.week, edition.until(), edition.today()), (Day(first - 14), Day(first - 8), Day(first)));
            // On its last day, rows before this one are deleted.
            let deleted = first + 6 - 100;
            assert!((deleted..deleted + 7).contains(&edition.rows_from.0));
            assert_eq!(Level::Week.first(edition.rows_from), edition.rows_from);
        }
        assert_eq!(Edition::new(Day(first + 7), 100).week, Day(first - 7));
        let _ = (Edition::new(Day(i32::MIN), u16::MAX), Edition::new(Day(i32::MAX), 0));
    }
}
