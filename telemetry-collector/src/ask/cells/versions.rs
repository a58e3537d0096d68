//! Hides counts of the versions of a field by week.

use super::super::fields::Field;
use super::super::report::{Active, Bar, Count, FieldReport, Values};
use super::fields::{self, Related};
use super::partition::{self, hidden};
use super::{hide_if, number};

/// Hides counts of versions by week. All of them are shown, and what is hidden of the bars and of the weeks is.
///
/// An installation that has a version now had it in some week, so a bar is at most the sum of its column. The rows are parts of the weeks.
/// If a bar makes a hidden count of its column larger than 0, all rows are hidden.
pub(super) fn weeks(reports: &mut [FieldReport], activity: &[Active], least: u64) {
    for report in reports {
        let Values::Versions { bars, weeks } = &mut report.values else { continue };
        let forced: Vec<bool> = bars.iter().map(|bar| bar.count == Count::Hidden).collect();
        let rows: Vec<Vec<u64>> = weeks.iter().map(|week| week.iter().map(|count| number(*count)).collect()).collect();
        let mut masks: Vec<Vec<bool>> = rows.iter().map(|row| mask(row, &forced, least)).collect();
        for (mask, week) in masks.iter_mut().zip(activity) {
            if week.installs == Count::Hidden {
                mask.fill(true);
            }
        }
        let is_bound = is_bound(bars, &rows, &masks, &forced);
        for (week, mask) in weeks.iter_mut().zip(&masks) {
            week.iter_mut().zip(mask).for_each(|(count, is_hidden)| hide_if(count, *is_hidden || is_bound));
        }
    }
}

/// What is hidden of a week. Where the hidden bars are all 0, nothing else needs to be.
fn mask(row: &[u64], forced: &[bool], least: u64) -> Vec<bool> {
    let is_nothing = row.iter().zip(forced).all(|(count, is_forced)| !*is_forced || *count == 0);
    let has_small = row.iter().any(|count| partition::is_small(*count, least));
    if is_nothing && !has_small { forced.to_vec() } else { hidden(row, forced, least) }
}

/// Whether the bars tell of hidden counts that they are not 0.
fn is_bound(bars: &[Bar], rows: &[Vec<u64>], masks: &[Vec<bool>], forced: &[bool]) -> bool {
    if !masks.iter().flatten().any(|is_hidden| *is_hidden) {
        return false;
    }
    let cell = |row: &Vec<u64>, at: usize| row.get(at).copied().unwrap_or(0);
    let shown = |at: usize| -> u64 {
        let rows = rows.iter().zip(masks).filter(|(_, mask)| !mask.get(at).copied().unwrap_or(true));
        rows.map(|(row, _)| cell(row, at)).sum()
    };
    let is_column_bound = bars.iter().enumerate().any(|(at, bar)| {
        let has_hidden = masks.iter().any(|mask| mask.get(at).copied().unwrap_or(true));
        has_hidden && bar.count != Count::Hidden && number(bar.count) > shown(at)
    });
    // The hidden bars are known together, and so are their columns in rows that hide nothing else. The numbers of the bars themselves are
    // gone, but each is at most the sum of its column.
    let has_more = masks.iter().any(|mask| mask.as_slice() != forced);
    is_column_bound || (forced.contains(&true) && has_more)
}

/// Hides counts of the versions by week of what is published. All of them are shown, and so is the last week's number of installations.
///
/// A week's are hidden as if it were the last one, for which they are the bars, so that they are the same in each edition. What hides the number
/// of those who sent the field depends on other fields, and is not known of earlier weeks; where it could, all is hidden.
pub(super) fn published_weeks(
    reports: &mut [FieldReport],
    related: &Related<'_>,
    activity: &[Active],
    installs: &[u64],
    least: u64,
) {
    for (index, (report, field)) in reports.iter_mut().zip(related.fields).enumerate() {
        let Values::Versions { weeks, .. } = &mut report.values else { continue };
        for ((week, active), installs) in weeks.iter_mut().zip(activity).zip(installs) {
            let numbers: Vec<u64> = week.iter().map(|count| number(*count)).collect();
            let is_hidden = active.new.is_none() || active.installs == Count::Hidden;
            let mask = if is_hidden { vec![true; numbers.len()] } else { row(&numbers, *installs, field, least) };
            let is_partial = related.releases.lack(index) || !field.variants.is_empty();
            week.iter_mut().zip(&mask).for_each(|(count, is_hidden)| {
                hide_if(count, least > 1 && (*is_hidden || is_partial) || active.new.is_none())
            });
        }
    }
}

fn row(numbers: &[u64], installs: u64, field: &Field, least: u64) -> Vec<bool> {
    let sent: u64 = numbers.iter().sum();
    let absent = installs.saturating_sub(sent);
    let is_member = field.column.0.contains('.');
    if partition::is_small(sent, least) || (is_member && absent > 0) {
        return vec![true; numbers.len()];
    }
    fields::mask(numbers, &[], partition::is_small(absent, least).then_some(absent), least)
}

/// Leaves out versions of which no number is shown: a version can be one that only one person has.
pub(super) fn only_shown(reports: &mut [FieldReport]) {
    for report in reports {
        let Values::Versions { bars, weeks } = &mut report.values else { continue };
        let has_shown = |at: usize, bar: &Bar| {
            let weeks = weeks.iter().filter_map(|week| week.get(at)).copied();
            [bar.count].into_iter().chain(weeks).any(|count| number(count) > 0)
        };
        let are_kept: Vec<bool> = bars.iter().enumerate().map(|(at, bar)| has_shown(at, bar)).collect();
        let mut keep = are_kept.iter().copied();
        bars.retain(|_| keep.next().unwrap_or(false));
        for week in weeks {
            let mut keep = are_kept.iter().copied();
            week.retain(|_| keep.next().unwrap_or(false));
        }
    }
}
