//! Hides counts of installations over time.
//!
//! If each installation was active once, the number of a week is the sum of those of its days, and the sum of all weeks is the number of all
//! installations. So the weeks are parts of a known sum. A day tells of the week that it is in, and a month of the weeks that it overlaps:
//!
//! - If a day is small, or a week of the days is hidden, all days are.
//! - A month is hidden if it is small, if it overlaps a hidden week, or if days are hidden that it overlaps. So are the neighbours of a small
//!   one, since a week can be part of both.
//!
//! So a month that is shown overlaps weeks and days that are shown, and tells nothing of hidden ones. Weeks that are hidden are known
//! together only, and hidden days by the week.
//!
//! Two numbers tell their difference, too. If few installations of a period were not active on one of its days or weeks, or only on several of
//! them, or few of all installations were not active in the period, then one of the numbers is hidden.
//!
//! If only a few installations were active again, the sums of all weeks would tell so, and everything is hidden.
//!
//! The same holds of new installations, each of which is new in one day, week and month. Where the number of new ones is hidden, so is that of
//! returning ones.

use super::super::activity::Overlap;
use super::super::period::Level;
use super::super::report::{Active, Activity, Cohort, Count};
use super::partition::{self, is_enough};
use super::{cohorts, hide_each, hide_if, is_small, number};
use crate::arrival::Day;

/// What is known of the counts besides them.
pub(super) struct Known<'k> {
    pub(super) least: u64,
    /// How many installations there are at all times together, if that is told.
    pub(super) all: Option<u64>,
    /// Whether other tables tell of the installations of a period, and of the new ones among them.
    pub(super) told: &'k dyn Fn(Level, &Active) -> Told,
    /// What weeks and months have in common, if days are not told.
    pub(super) overlaps: &'k [Overlap],
}

/// Of what other tables tell.
#[derive(Clone, Copy, Default)]
pub(super) struct Told {
    pub(super) installs: bool,
    pub(super) split: bool,
}

/// Hides counts. All of them are shown.
pub(super) fn hide(activity: &mut Activity, retention: &mut [Cohort], known: &Known<'_>) {
    let least = known.least;
    if known.all.is_some_and(|all| is_rarely_repeated(activity, all, least)) {
        return hide_all(activity, retention);
    }
    let overlap = |overlap: &Overlap| overlap.installs;
    let part = |level, active: &Active, _| installs(active, known, (known.told)(level, active).installs);
    let mut installs = Parts { known, part: &part, overlap: &overlap }.masks(activity, &Masks::default());
    let overlap = |overlap: &Overlap| overlap.new;
    let cohorts: &[Cohort] = retention;
    let part = |level, active: &Active, is_hidden| {
        let only = (level == Level::Week).then(|| cohorts::only_cohort(cohorts, active, least)).flatten();
        let is_told = (known.told)(level, active).split || only.is_some();
        // If more of the week were new, fewer would have returned, and enough of the cohort would not.
        let room = only.map_or(0, |size| (number(active.installs) + least).saturating_sub(size));
        Part { room, ..split(active, is_hidden || is_told, least) }
    };
    let splits = Parts { known, part: &part, overlap: &overlap }.masks(activity, &installs);
    hide_bounded_months(&mut installs.months, activity, &splits, least);
    cohorts::hide(retention, &activity.weeks, &installs.weeks, &splits.weeks, least);
    let Activity { days, weeks, months } = &mut *activity;
    for (level, installs, splits) in [
        (days, &installs.days, &splits.days),
        (weeks, &installs.weeks, &splits.weeks),
        (months, &installs.months, &splits.months),
    ] {
        for ((active, is_hidden), is_split_hidden) in level.iter_mut().zip(installs).zip(splits) {
            hide_if(&mut active.installs, *is_hidden);
            let counts = [&mut active.new, &mut active.returning].into_iter().flatten();
            counts.for_each(|count| hide_if(count, *is_split_hidden));
        }
    }
}

/// Hides months whose installations are so few that they tell of the hidden number of new ones. All new ones of a month are at most its
/// installations. Beside those that are shown of its weeks, there must be room for as many as any of its other weeks can have.
fn hide_bounded_months(installs: &mut [bool], activity: &Activity, splits: &Masks, least: u64) {
    for ((month, is_hidden), is_split_hidden) in activity.months.iter().zip(installs).zip(&splits.months) {
        let end = Level::Month.end(month.first);
        let (mut shown, mut room) = (0, 0);
        let weeks = activity.weeks.iter().zip(&splits.weeks).zip(overlapping(&activity.weeks, month));
        for ((week, is_split_hidden), _) in weeks.filter(|(_, is_in)| *is_in) {
            let is_within = month.first <= week.first && Level::Week.end(week.first) <= end;
            if *is_split_hidden || !is_within {
                room = room.max(number(week.installs));
            } else {
                shown += week.new.map_or(0, number);
            }
        }
        *is_hidden |= *is_split_hidden && number(month.installs) < shown + room + least;
    }
}

/// Hides all counts.
pub(in super::super) fn hide_all(activity: &mut Activity, retention: &mut [Cohort]) {
    let Activity { days, weeks, months } = activity;
    for active in days.iter_mut().chain(weeks).chain(months) {
        let own = [&mut active.installs].into_iter().chain(&mut active.new).chain(&mut active.returning);
        own.chain(active.versions.iter_mut().map(|bar| &mut bar.count)).for_each(|count| *count = Count::Hidden);
    }
    retention.iter_mut().for_each(cohorts::hide_all);
}

/// Whether the installations of all days, weeks or months together are only a few more than there are at all. Each one more was active again,
/// so that no number of returning ones, and no cell of a cohort, could be larger.
pub(super) fn is_rarely_repeated(activity: &Activity, all: u64, least: u64) -> bool {
    sums(activity).into_iter().any(|active| partition::is_small(active.saturating_sub(all), least))
}

/// The installations of all days together, of all weeks, of all months, and of the shortest periods that are told of each time: days reach back
/// less far than weeks, and weeks less far than months. Where weeks follow months, either a few days between them are in none of the periods, or the
/// month or the week across is there as well.
pub(super) fn sums(activity: &Activity) -> [u64; 6] {
    let sum = |level: &[Active], is_in: &dyn Fn(Day) -> bool| -> u64 {
        // Those of deleted rows are not among all.
        let told = level.iter().filter(|active| active.new.is_some() && is_in(active.first));
        told.map(|active| number(active.installs)).sum()
    };
    let Activity { days, weeks, months } = activity;
    let first = |level: &[Active]| level.iter().find(|active| active.new.is_some()).map(|active| active.first);
    let next_week = |day: Day| Level::Week.end(Level::Week.first(Day(day.0.saturating_sub(1))));
    let days_from = first(days).map_or(Day(i32::MAX), next_week);
    let weeks_from = first(weeks).unwrap_or(Day(i32::MAX)).min(days_from);
    let last_month = months.iter().rfind(|month| month.new.is_some() && month.first < weeks_from);
    let months_until = last_month.map_or(weeks_from, |month| Level::Month.end(month.first));
    let shortest = |is_week: &dyn Fn(Day) -> bool, is_month: &dyn Fn(Day) -> bool| {
        sum(days, &|day| day >= days_from)
            + sum(weeks, &|week| week < days_from && is_week(week))
            + sum(months, is_month)
    };
    let (all, across) = (&|_| true, &|month| month < weeks_from);
    [
        sum(days, all),
        sum(weeks, all),
        sum(months, all),
        shortest(all, &|month| Level::Month.end(month) <= weeks_from),
        shortest(&|week| week >= months_until, across),
        shortest(&|week| Level::Week.end(week) > months_until, across),
    ]
}

/// Whether the installations of a day, week or month are hidden.
pub(super) fn has_hidden(activity: &Activity) -> bool {
    let Activity { days, weeks, months } = activity;
    days.iter().chain(weeks).chain(months).any(|active| active.installs == Count::Hidden)
}

/// What is hidden of each level.
#[derive(Default)]
struct Masks {
    days: Vec<bool>,
    weeks: Vec<bool>,
    months: Vec<bool>,
}

/// A number of a period.
struct Part {
    number: u64,
    /// What is known once the number is.
    rest: u64,
    /// Whether it is hidden in any case.
    is_forced: bool,
    /// Whether it can be anything when it is hidden.
    is_free: bool,
    /// How much it must be able to be when it is hidden.
    room: u64,
}

fn installs(active: &Active, known: &Known<'_>, is_told: bool) -> Part {
    let number = number(active.installs);
    // Those of deleted rows are parts of no sum that is known.
    let is_kept = active.new.is_some();
    // The others were not active then.
    let others = known.all.filter(|_| is_kept).map_or(0, |all| all.saturating_sub(number));
    let is_small = is_small(active.installs, known.least) || partition::is_small(others, known.least);
    Part { number, rest: number, is_forced: is_told || is_small, is_free: is_kept, room: 0 }
}

/// New installations. Where a reader knows that none returned, as in the first week, the number of all installations is that of the new ones.
fn split(active: &Active, is_hidden: bool, least: u64) -> Part {
    let (Some(new), Some(returning)) = (active.new, active.returning) else {
        return Part { number: 0, rest: 0, is_forced: false, is_free: false, room: 0 };
    };
    Part {
        number: number(new),
        rest: number(returning),
        is_forced: is_hidden || is_small(new, least) || is_small(returning, least),
        is_free: is_hidden || number(returning) > 0,
        room: 0,
    }
}

/// A number of each period.
struct Parts<'p> {
    known: &'p Known<'p>,
    /// Gets a period, and whether it is hidden for another reason.
    part: &'p dyn Fn(Level, &Active, bool) -> Part,
    /// The same number of what weeks and months have in common.
    overlap: &'p dyn Fn(&Overlap) -> u64,
}

impl Parts<'_> {
    /// What is hidden of a number of each period. `hidden` is hidden already.
    fn masks(&self, activity: &Activity, hidden: &Masks) -> Masks {
        let Activity { days, weeks, months } = activity;
        let (daily, weekly, monthly) = (
            self.parts(Level::Day, days, &hidden.days),
            self.parts(Level::Week, weeks, &hidden.weeks),
            self.parts(Level::Month, months, &hidden.months),
        );
        let weekly_mask = self.complete(&weekly, forced(&weekly));
        let are_days_hidden = daily.iter().any(|part| part.is_forced)
            || weeks.iter().zip(&weekly_mask).any(|(week, is_hidden)| *is_hidden && has(days, week.first, Level::Week))
            || self.are_days_told((days, &daily), (weeks, &weekly), Level::Week)
            || self.are_days_told((days, &daily), (months, &monthly), Level::Month);
        let own: Vec<bool> = months
            .iter()
            .zip(&monthly)
            .map(|(month, part)| part.is_forced || self.is_month_told(month, part, weeks, &weekly))
            .collect();
        let is_own = |index: usize| own.get(index).copied().unwrap_or(false);
        let is_month_hidden = |(index, month): (usize, &Active)| {
            let mut around = overlapping(weeks, month).zip(&weekly_mask).filter(|(is_in, _)| *is_in);
            let is_neighbour = is_own(index + 1) || index.checked_sub(1).is_some_and(is_own);
            is_own(index)
                || is_neighbour
                || around.any(|(_, is_hidden)| *is_hidden)
                || (are_days_hidden && has(days, month.first, Level::Month))
        };
        let monthly_mask = months.iter().enumerate().map(is_month_hidden).collect();
        Masks {
            days: vec![are_days_hidden; days.len()],
            months: self.complete(&monthly, monthly_mask),
            weeks: weekly_mask,
        }
    }

    fn parts(&self, level: Level, periods: &[Active], hidden: &[bool]) -> Vec<Part> {
        let is_hidden = |index: usize| hidden.get(index).copied().unwrap_or(false);
        periods.iter().enumerate().map(|(index, active)| (self.part)(level, active, is_hidden(index))).collect()
    }

    /// Whether days tell of installations that were active on other days of a period, or on several.
    fn are_days_told(&self, days: (&[Active], &[Part]), periods: (&[Active], &[Part]), level: Level) -> bool {
        periods.0.iter().zip(periods.1).any(|(period, whole)| {
            let own = days.0.iter().zip(days.1).filter(|(day, _)| level.first(day.first) == period.first);
            let numbers: Vec<u64> = own.map(|(_, part)| part.number).collect();
            self.is_told(whole.number, &numbers)
        })
    }

    /// Whether some installations were not active in one of these parts of a period, or in several, and they are few.
    fn is_told(&self, whole: u64, parts: &[u64]) -> bool {
        let is_small = |number| partition::is_small(number, self.known.least);
        let sum: u64 = parts.iter().sum();
        parts.iter().any(|part| is_small(whole.saturating_sub(*part))) || is_small(sum.saturating_sub(whole))
    }

    /// The same of a month and its weeks; and whether few were active in what it has in common with a week, or in the rest of the week.
    fn is_month_told(&self, month: &Active, part: &Part, weeks: &[Active], weekly: &[Part]) -> bool {
        let end = Level::Month.end(month.first);
        let around: Vec<(&Active, u64)> = weeks
            .iter()
            .zip(weekly)
            .zip(overlapping(weeks, month))
            .filter(|(_, is_in)| *is_in)
            .map(|((week, part), _)| (week, part.number))
            .collect();
        let is_within = |week: &Active| month.first <= week.first && Level::Week.end(week.first) <= end;
        let numbers = |is_in: &dyn Fn(&Active) -> bool| -> Vec<u64> {
            around.iter().filter(|(week, _)| is_in(week)).map(|(_, number)| *number).collect()
        };
        let sum: u64 = numbers(&|_| true).iter().sum();
        let is_small = |number| partition::is_small(number, self.known.least);
        let is_around =
            |overlap: &&Overlap| around.iter().any(|(week, _)| Level::Week.first(overlap.first) == week.first);
        numbers(&is_within).iter().any(|week| is_small(part.number.saturating_sub(*week)))
            || is_small(sum.saturating_sub(part.number))
            || self.known.overlaps.iter().filter(is_around).any(|overlap| is_small((self.overlap)(overlap)))
    }

    /// Hides more if the sum of all parts is known, until the hidden parts that can be anything are at least two, and they and their rests make
    /// at least `least`; all, if that cannot be.
    fn complete(&self, parts: &[Part], mut mask: Vec<bool>) -> Vec<bool> {
        let least = self.known.least;
        if !mask.contains(&true) || self.known.all.is_none() {
            return mask;
        }
        let numbers: Vec<u64> = parts.iter().map(|part| part.number).collect();
        let room = parts.iter().map(|part| part.room).max().unwrap_or(0);
        let rests: Vec<u64> = parts.iter().map(|part| part.rest).collect();
        loop {
            let free: Vec<bool> = parts.iter().zip(&mask).map(|(part, is_hidden)| *is_hidden && part.is_free).collect();
            if is_enough(&numbers, &free, least.max(room)) && is_enough(&rests, &free, least) {
                return mask;
            }
            let shown =
                parts.iter().zip(&mask).enumerate().filter(|(_, (part, is_hidden))| !**is_hidden && part.is_free);
            let next = shown.min_by_key(|(_, (part, _))| (part.number == 0, part.number)).map(|(index, _)| index);
            match next.and_then(|next| mask.get_mut(next)) {
                Some(next) => *next = true,
                None => return vec![true; parts.len()],
            }
        }
    }
}

/// Which weeks have days in common with a month.
fn overlapping<'a>(weeks: &'a [Active], month: &Active) -> impl Iterator<Item = bool> + use<'a> {
    let (first, end) = (month.first, Level::Month.end(month.first));
    weeks.iter().map(move |week| week.first < end && Level::Week.end(week.first) > first)
}

/// Whether days of a period are told.
fn has(days: &[Active], first: Day, level: Level) -> bool {
    days.iter().any(|day| level.first(day.first) == first)
}

fn forced(parts: &[Part]) -> Vec<bool> {
    parts.iter().map(|part| part.is_forced).collect()
}

/// Hides versions, and says whether some are. Those of a week are its parts. Those of days and months are hidden all together if any
/// version is.
pub(super) fn versions(activity: &mut Activity, least: u64) -> bool {
    let Activity { days, weeks, months } = activity;
    let mut has_hidden = false;
    for week in weeks {
        has_hidden |= week_versions(week, least);
    }
    let is_told = |active: &Active| {
        active.installs == Count::Hidden || active.versions.iter().any(|bar| is_small(bar.count, least))
    };
    has_hidden |= days.iter().chain(months.iter()).any(|active| !active.versions.is_empty() && is_told(active));
    if has_hidden {
        let bars = days.iter_mut().chain(months).flat_map(|active| &mut active.versions);
        bars.for_each(|bar| bar.count = Count::Hidden);
    }
    has_hidden
}

/// Hides versions of a week, and says whether some are.
pub(super) fn week_versions(week: &mut Active, least: u64) -> bool {
    let numbers: Vec<u64> = week.versions.iter().map(|bar| number(bar.count)).collect();
    let mask = match week.installs {
        Count::Hidden => vec![true; numbers.len()],
        Count::Shown(_) => partition::hidden(&numbers, &[], least),
    };
    hide_each(week.versions.iter_mut().map(|bar| &mut bar.count), &mask);
    mask.contains(&true)
}
