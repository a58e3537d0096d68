//! Counts installations a day, week and month, in one pass over rows in the order of their days.

use std::collections::BTreeMap;

use super::AskError;
use super::period::Level;
use super::source::Source;
use crate::arrival::Day;

/// The days on which installations were first seen, by the number of the installation.
#[derive(Debug)]
pub(super) struct Installs {
    /// Ascending.
    numbers: Vec<i64>,
    first: Vec<Day>,
}

impl Installs {
    pub(super) fn read(source: Source<'_>) -> Result<Self, AskError> {
        let (mut numbers, mut first) = (Vec::new(), Vec::new());
        source.each("SELECT number, first_day FROM _install ORDER BY number", |row| {
            numbers.push(row.integer(0)?);
            first.push(row.day(1)?);
            Ok(())
        })?;
        Ok(Self { numbers, first })
    }

    pub(super) fn len(&self) -> usize {
        self.first.len()
    }

    pub(super) fn index(&self, number: i64) -> Option<usize> {
        // As far from the first as the number is, unless installations before it were deleted.
        let most = usize::try_from(number.checked_sub(*self.numbers.first()?)?).ok()?;
        if self.numbers.get(most) == Some(&number) {
            return Some(most);
        }
        let before = self.numbers.get(..most).unwrap_or(&self.numbers);
        before.binary_search(&number).ok()
    }

    fn first(&self, install: usize) -> Day {
        self.first.get(install).copied().unwrap_or(Day(i32::MIN))
    }
}

/// A row of an installation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) day: Day,
    /// The number of the row.
    pub(super) number: i64,
    pub(super) install: usize,
    /// The position of the version of its schema.
    pub(super) version: usize,
}

/// The installations of one period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) installs: u64,
    pub(super) new: u64,
    pub(super) versions: Vec<u64>,
}

/// Installations that were first seen in one week, and were active in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) size: u64,
    /// How many of them were active in other weeks, by the Monday.
    pub(super) later: BTreeMap<Day, u64>,
}

/// Counts rows.
#[derive(Debug)]
pub(super) struct Active<'i> {
    installs: &'i Installs,
    versions: usize,
    levels: Vec<Counting>,
    /// Whether an installation was active in the week in which it was first seen.
    is_member: Vec<bool>,
    groups: BTreeMap<Day, Group>,
    weekly: Vec<(i64, Day)>,
}

/// What was counted.
#[derive(Debug)]
pub(super) struct Counted {
    periods: Vec<(Level, BTreeMap<Day, Period>)>,
    /// By the Monday of the week in which they were first seen.
    pub(super) groups: BTreeMap<Day, Group>,
    /// The last row of each installation in each week, with the Monday.
    pub(super) weekly: Vec<(i64, Day)>,
}

/// Counts the periods of one level.
#[derive(Debug)]
struct Counting {
    level: Level,
    /// The first day of the period that is being counted.
    current: Day,
    end: Day,
    period: Period,
    /// Those that are counted.
    periods: BTreeMap<Day, Period>,
    /// The last row of each installation.
    last: Vec<Option<Last>>,
}

/// The last row of an installation in a period.
#[derive(Clone, Copy, Debug)]
struct Last {
    /// The first day of the period.
    period: Day,
    day: Day,
    number: i64,
    version: usize,
}

impl<'i> Active<'i> {
    pub(super) fn new(installs: &'i Installs, versions: usize, levels: &[Level]) -> Self {
        let counting = |level: &Level| Counting {
            level: *level,
            current: Day(i32::MIN),
            end: Day(i32::MIN),
            period: Period::default(),
            periods: BTreeMap::new(),
            last: vec![None; installs.len()],
        };
        Self {
            installs,
            versions,
            levels: levels.iter().map(counting).collect(),
            is_member: vec![false; installs.len()],
            groups: BTreeMap::new(),
            weekly: Vec::new(),
        }
    }

    /// Adds a row. Its day is not before that of the last one.
    pub(super) fn add(&mut self, seen: Seen) {
        let first = self.installs.first(seen.install);
        for counting in &mut self.levels {
            let Some(begun) = counting.add(seen, first, self.versions) else { continue };
            if counting.level != Level::Week {
                continue;
            }
            if let Some(row) = begun.before {
                self.weekly.push(row);
            }
            let (week, own) = (counting.current, Level::Week.first(first));
            let Some(is_member) = self.is_member.get_mut(seen.install) else { continue };
            if week == own {
                *is_member = true;
                self.groups.entry(own).or_default().size += 1;
            } else if *is_member {
                *self.groups.entry(own).or_default().later.entry(week).or_default() += 1;
            }
        }
    }

    /// Ends the counting.
    pub(super) fn finish(mut self) -> Counted {
        let mut periods = Vec::new();
        for mut counting in self.levels {
            counting.end_period();
            if counting.level == Level::Week {
                self.weekly.extend(counting.last.iter().flatten().map(|last| (last.number, last.period)));
            }
            periods.push((counting.level, counting.periods));
        }
        Counted { periods, groups: self.groups, weekly: self.weekly }
    }
}

impl Counted {
    /// The periods of a level, by their first days; none if the level is not counted.
    pub(super) fn periods(&self, level: Level) -> Option<&BTreeMap<Day, Period>> {
        self.periods.iter().find(|(counted, _)| *counted == level).map(|(_, periods)| periods)
    }
}

/// An installation was seen in a period for the first time.
struct Begun {
    /// Its last row in the period before, and the first day of that period.
    before: Option<(i64, Day)>,
}

impl Counting {
    fn add(&mut self, seen: Seen, first_seen: Day, versions: usize) -> Option<Begun> {
        if seen.day >= self.end {
            self.end_period();
            self.current = self.level.first(seen.day);
            self.end = self.level.end(self.current);
            self.period.versions = vec![0; versions];
        }
        let Seen { day, number, version, .. } = seen;
        let period = &mut self.period;
        let slot = self.last.get_mut(seen.install)?;
        match slot {
            Some(last) if last.period == self.current => {
                if (last.day, last.number) < (day, number) {
                    if last.version != version {
                        change(&mut period.versions, last.version, |count| count.saturating_sub(1));
                        change(&mut period.versions, version, |count| count + 1);
                    }
                    *last = Last { period: self.current, day, number, version };
                }
                None
            }
            _ => {
                period.installs += 1;
                period.new += u64::from(first_seen >= self.current && first_seen < self.end);
                change(&mut period.versions, version, |count| count + 1);
                let last = Last { period: self.current, day, number, version };
                let before = slot.replace(last).map(|last| (last.number, last.period));
                Some(Begun { before })
            }
        }
    }

    /// Keeps the counts of the period, if there is one.
    fn end_period(&mut self) {
        let period = std::mem::take(&mut self.period);
        if period.installs > 0 {
            self.periods.insert(self.current, period);
        }
    }
}

fn change(counts: &mut [u64], at: usize, by: impl Fn(u64) -> u64) {
    if let Some(count) = counts.get_mut(at) {
        *count = by(*count);
    }
}
