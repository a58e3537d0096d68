//! How often a counted event happened: sums over all rows that a filter lets through.

use std::collections::BTreeMap;

use super::AskError;
use super::activity::Span;
use super::catalogue::Stored;
use super::condition::Rows;
use super::latest::Latest;
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
}

impl Summed<'_> {
    pub(super) fn sums(&self) -> Result<Sums, AskError> {
        let sql = format!(
            "SELECT _day, _ephemeral, sum({}), count(DISTINCT _install) FROM {} WHERE {} GROUP BY _day, _ephemeral",
            self.times,
            self.stored.table,
            self.condition(),
        );
        let mut days: BTreeMap<Day, Sum> = BTreeMap::new();
        self.source.each(&sql, |row| {
            let (is_ephemeral, times, installs) = (row.flag(1)?, row.count(2)?, row.count(3)?);
            let (ephemeral, install_days) = if is_ephemeral { (times, 0) } else { (0, installs) };
            days.entry(row.day(0)?).or_default().add(Sum { times, ephemeral, install_days });
            Ok(())
        })?;
        Ok(sums(self.span, &days))
    }

    /// Counts the values of all rows, each as often as its event happened.
    pub(super) fn values(&self, latest: &mut Latest<'_>) -> Result<(), AskError> {
        latest.read_all(self.source, self.stored, self.times, &self.condition())
    }

    fn condition(&self) -> String {
        let Rows { version, values } = self.rows;
        let days = format!("_day >= {} AND _day <= {}", self.span.since.0, self.span.until.0);
        let parts = [Some(days.as_str()), version.as_deref(), values.as_deref()];
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
