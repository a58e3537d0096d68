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
//! If only a few installations were active again, the sums of all weeks would tell so, and everything is hidden.
//!
//! The same holds of new installations, each of which is new in one day, week and month. Where the number of new ones is hidden, so is that of
//! returning ones.

use super::super::period::Level;
use super::super::report::{Active, Activity, Cohort, Count};
use super::partition::{self, is_enough};
use super::{cohorts, hide_each, hide_if, is_small, number};
use crate::arrival::Day;

/// Hides counts, and says whether the number of installations with a version is hidden somewhere. All counts are shown. `all` is how many
/// installations there are at all times together.
pub(in super::super) fn hide(activity: &mut Activity, retention: &mut [Cohort], all: u64, least: u64) -> bool {
    if is_rarely_repeated(activity, all, least) {
        hide_all(activity, retention);
        return true;
    }
    let installs = masks(activity, least, |active, _| installs(active, least), &Masks::default());
    let splits = masks(activity, least, |active, is_hidden| split(active, is_hidden, least), &installs);
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
    versions(activity, least)
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
fn is_rarely_repeated(activity: &Activity, all: u64, least: u64) -> bool {
    let Activity { days, weeks, months } = activity;
    [days, weeks, months].iter().any(|level| {
        // Those of deleted rows are not among all.
        let kept = level.iter().filter(|active| active.new.is_some());
        let active: u64 = kept.map(|active| number(active.installs)).sum();
        partition::is_small(active.saturating_sub(all), least)
    })
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
}

fn installs(active: &Active, least: u64) -> Part {
    let number = number(active.installs);
    // Those of deleted rows are parts of no sum that is known.
    Part { number, rest: number, is_forced: is_small(active.installs, least), is_free: active.new.is_some() }
}

/// New installations. Where a reader knows that none returned, as in the first week, the number of all installations is that of the new ones.
fn split(active: &Active, is_hidden: bool, least: u64) -> Part {
    let (Some(new), Some(returning)) = (active.new, active.returning) else {
        return Part { number: 0, rest: 0, is_forced: false, is_free: false };
    };
    Part {
        number: number(new),
        rest: number(returning),
        is_forced: is_hidden || is_small(new, least) || is_small(returning, least),
        is_free: is_hidden || number(returning) > 0,
    }
}

/// What is hidden of a number of each period. `parts` gets each period, and whether it is hidden in `hidden`.
fn masks(activity: &Activity, least: u64, part: impl Fn(&Active, bool) -> Part, hidden: &Masks) -> Masks {
    let parts = |level: &[Active], hidden: &[bool]| -> Vec<Part> {
        let is_hidden = |index: usize| hidden.get(index).copied().unwrap_or(false);
        level.iter().enumerate().map(|(index, active)| part(active, is_hidden(index))).collect()
    };
    let Activity { days, weeks, months } = activity;
    let weekly = parts(weeks, &hidden.weeks);
    let weekly_mask = complete(&weekly, forced(&weekly), least);
    let is_week_hidden = |first: Day, end: Day| {
        let overlaps = |week: &Active| week.first < end && Level::Week.end(week.first) > first;
        weeks.iter().zip(&weekly_mask).any(|(week, is_hidden)| *is_hidden && overlaps(week))
    };
    let are_days_hidden = parts(days, &hidden.days).iter().any(|part| part.is_forced)
        || days.iter().any(|day| is_week_hidden(day.first, Level::Day.end(day.first)));
    let monthly = parts(months, &hidden.months);
    let own = forced(&monthly);
    let is_own = |index: usize| own.get(index).copied().unwrap_or(false);
    let is_month_hidden = |(index, month): (usize, &Active)| {
        let end = Level::Month.end(month.first);
        let has_days = || days.iter().any(|day| month.first <= day.first && day.first < end);
        let is_neighbour = is_own(index + 1) || index.checked_sub(1).is_some_and(is_own);
        is_own(index) || is_neighbour || is_week_hidden(month.first, end) || (are_days_hidden && has_days())
    };
    let monthly_mask = months.iter().enumerate().map(is_month_hidden).collect();
    Masks {
        days: vec![are_days_hidden; days.len()],
        months: complete(&monthly, monthly_mask, least),
        weeks: weekly_mask,
    }
}

fn forced(parts: &[Part]) -> Vec<bool> {
    parts.iter().map(|part| part.is_forced).collect()
}

/// Hides more, until the hidden parts that can be anything are at least two, and they and their rests make at least `least`; all, if that
/// cannot be.
fn complete(parts: &[Part], mut mask: Vec<bool>, least: u64) -> Vec<bool> {
    if !mask.contains(&true) {
        return mask;
    }
    let numbers: Vec<u64> = parts.iter().map(|part| part.number).collect();
    let rests: Vec<u64> = parts.iter().map(|part| part.rest).collect();
    loop {
        let free: Vec<bool> = parts.iter().zip(&mask).map(|(part, is_hidden)| *is_hidden && part.is_free).collect();
        if is_enough(&numbers, &free, least) && is_enough(&rests, &free, least) {
            return mask;
        }
        let shown = parts.iter().zip(&mask).enumerate().filter(|(_, (part, is_hidden))| !**is_hidden && part.is_free);
        let next = shown.min_by_key(|(_, (part, _))| (part.number == 0, part.number)).map(|(index, _)| index);
        match next.and_then(|next| mask.get_mut(next)) {
            Some(next) => *next = true,
            None => return vec![true; parts.len()],
        }
    }
}

/// Hides versions. Those of a week are its parts. Those of days and months are hidden all together if any version is.
fn versions(activity: &mut Activity, least: u64) -> bool {
    let Activity { days, weeks, months } = activity;
    let mut has_hidden = false;
    for week in weeks {
        let numbers: Vec<u64> = week.versions.iter().map(|bar| number(bar.count)).collect();
        let mask = match week.installs {
            Count::Hidden => vec![true; numbers.len()],
            Count::Shown(_) => partition::hidden(&numbers, &[], least),
        };
        has_hidden |= mask.contains(&true);
        hide_each(week.versions.iter_mut().map(|bar| &mut bar.count), &mask);
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
