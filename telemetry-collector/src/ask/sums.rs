//! How often a counted event happened: sums over all rows that a filter lets through.

use std::collections::BTreeMap;

use super::AskError;
use super::active::Counted;
use super::activity::Span;
use super::catalogue::Stored;
use super::condition::Rows;
use super::latest::{FIRST_VALUE, Latest};
use super::period::Level;
use super::report::{PeriodSum, Sum, Sums};
use super::source::Source;
use crate::arrival::Day;

/// The rows that are summed up.
pub(super) struct Summed<'s> {
    pub(super) source: Source<'s>,
    pub(super) stored: &'s Stored,
    /// The expression for how often the event of a row happened.
    pub(super) times: &'s str,
    pub(super) rows: &'s Rows,
    pub(super) span: &'s Span,
    /// The least and the greatest number of these rows.
    pub(super) numbers: (i64, i64),
}

impl Summed<'_> {
    /// Sums up the rows, and counts their values, each as often as its event happened. `active` has the installations of each day.
    pub(super) fn read(&self, active: &Counted, latest: &mut Latest<'_>) -> Result<Sums, AskError> {
        let columns = latest.columns(self.stored);
        let (table, condition) = (&self.stored.table, self.condition());
        let sql = format!("SELECT {}{columns}, _day, _ephemeral FROM {table} WHERE {condition}", self.times);
        let day_at = latest.tallies.len() + FIRST_VALUE;
        let mut days: BTreeMap<Day, Sum> = BTreeMap::new();
        self.source.each(&sql, |row| {
            let (times, day, is_ephemeral) = (row.count(0)?, row.day(day_at)?, row.flag(day_at + 1)?);
            let ephemeral = if is_ephemeral { times } else { 0 };
            days.entry(day).or_default().add(Sum { times, ephemeral, install_days: 0 });
            latest.add(row, times)
        })?;
        let counted = active.periods(Level::Day).into_iter().flatten();
        for (day, period) in counted.filter(|(day, _)| **day >= self.span.counted_since()) {
            days.entry(*day).or_default().install_days = period.installs;
        }
        Ok(sums(self.span, &days))
    }

    /// With a range of numbers, rows are read in the order in which they are stored, and not each through the index of days.
    fn condition(&self) -> String {
        let Rows { version, values } = self.rows;
        let numbers = format!("_number >= {} AND _number <= {}", self.numbers.0, self.numbers.1);
        let days = format!("_day >= {} AND _day <= {}", self.span.counted_since().0, self.span.until.0);
        let parts = [Some(numbers.as_str()), Some(days.as_str()), version.as_deref(), values.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" AND ")
    }
}

/// The sums of these days.
pub(super) fn sums(span: &Span, days: &BTreeMap<Day, Sum>) -> Sums {
    let level = |level: Level| {
        let period = |first: Day| {
            let end = level.end(first);
            let mut sum = Sum::default();
            days.range(first..end).for_each(|(_, day)| sum.add(*day));
            PeriodSum { first, is_complete: span.is_complete(first, end), sum }
        };
        span.firsts(level).into_iter().filter(|first| !span.is_cut(*first)).map(period).collect()
    };
    let mut all = Sum::default();
    days.values().for_each(|day| all.add(*day));
    Sums { all, days: level(Level::Day), weeks: level(Level::Week), months: level(Level::Month) }
}

impl Sum {
    const fn add(&mut self, other: Self) {
        self.times = self.times.saturating_add(other.times);
        self.ephemeral = self.ephemeral.saturating_add(other.ephemeral);
        self.install_days = self.install_days.saturating_add(other.install_days);
    }
}
