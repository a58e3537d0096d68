//! Hides counts of cohorts.
//!
//! A cohort has as many installations as there are new ones in its week; where that is hidden, its row is. The returning installations of a
//! week are of earlier cohorts, so that the cells of all cohorts for one week are parts of their number. Where that is hidden, they are, too.

use super::super::period::Level;
use super::super::report::{Active, Cohort, Count};
use super::number;
use super::partition::{hidden, is_small};
use crate::arrival::Day;

/// Hides counts. All are shown. The masks say of which weeks the installations, and the new ones, are hidden.
pub(super) fn hide(retention: &mut [Cohort], weeks: &[Active], installs: &[bool], splits: &[bool], least: u64) {
    let is_split = |first: Day| weeks.iter().zip(splits).any(|(week, is_hidden)| week.first == first && *is_hidden);
    let rows: Vec<bool> = retention.iter().map(|cohort| is_split(cohort.first)).collect();
    for (at, week) in weeks.iter().enumerate() {
        let is_in = |mask: &[bool]| mask.get(at).copied().unwrap_or(false);
        let mut cells = cells(retention, week);
        for cell in &mut cells {
            cell.is_forced |= rows.get(cell.cohort).copied().unwrap_or(false) || cell.is_told(least);
        }
        // Of a cohort that is shown to be empty, none can be active.
        cells.retain(|cell| cell.size > 0 || rows.get(cell.cohort).copied().unwrap_or(false));
        let others = others(week, &cells);
        let (mut numbers, mut forced): (Vec<u64>, Vec<bool>) =
            cells.iter().map(|cell| (cell.number, cell.is_forced)).unzip();
        numbers.push(others);
        forced.push(false);
        // A cell that is shown would be the least that the returning installations of its week can be.
        let mask =
            if is_in(installs) || is_in(splits) { vec![true; numbers.len()] } else { hidden(&numbers, &forced, least) };
        for (cell, _) in cells.iter().zip(&mask).filter(|(_, is_hidden)| **is_hidden) {
            let at = later(retention.get(cell.cohort).map_or(week.first, |cohort| cohort.first), week.first);
            let count = retention.get_mut(cell.cohort).zip(at).and_then(|(cohort, at)| cohort.later.get_mut(at));
            count.into_iter().for_each(|count| *count = Count::Hidden);
        }
    }
    retention.iter_mut().zip(rows).filter(|(_, is_hidden)| *is_hidden).for_each(|(cohort, _)| hide_all(cohort));
}

/// A cohort in a later week.
struct Cell {
    cohort: usize,
    size: u64,
    number: u64,
    is_forced: bool,
}

impl Cell {
    /// Whether few of the cohort were active, or few were not.
    const fn is_told(&self, least: u64) -> bool {
        is_small(self.number, least) || is_small(self.size.saturating_sub(self.number), least)
    }
}

/// The cells of a week. All counts are shown.
fn cells(retention: &[Cohort], week: &Active) -> Vec<Cell> {
    let cell = |(index, cohort): (usize, &Cohort)| {
        let count = cohort.later.get(later(cohort.first, week.first)?)?;
        Some(Cell { cohort: index, size: number(cohort.size), number: number(*count), is_forced: false })
    };
    retention.iter().enumerate().filter_map(cell).collect()
}

/// Others of the returning installations were active before, and sent another event first. They are in no cell.
fn others(week: &Active, cells: &[Cell]) -> u64 {
    week.returning.map_or(0, number).saturating_sub(cells.iter().map(|cell| cell.number).sum())
}

/// The size of the only cohort of which installations returned in a week, if its cell must be hidden: they all are of this cell, so that their
/// number must be hidden, too.
pub(super) fn only_cohort(retention: &[Cohort], week: &Active, least: u64) -> Option<u64> {
    let cells: Vec<Cell> = cells(retention, week).into_iter().filter(|cell| cell.size > 0).collect();
    let parts = cells.len() + usize::from(others(week, &cells) > 0);
    cells.first().filter(|cell| parts < 2 && cell.is_told(least)).map(|cell| cell.size)
}

/// Hides the row.
pub(super) fn hide_all(cohort: &mut Cohort) {
    cohort.size = Count::Hidden;
    cohort.later.fill(Count::Hidden);
}

/// The position of a week among the later ones of a cohort.
fn later(cohort: Day, week: Day) -> Option<usize> {
    let days = week.0.checked_sub(cohort.0)?.checked_sub(Level::Week.end(Day(0)).0)?;
    usize::try_from(days).ok().map(|days| days / 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_returning_installations_are_hidden_no_cohort_tells_the_least_of_them() {
        let week = |first: i32| Active {
            first: Day(first),
            is_complete: true,
            installs: Count::Shown(6),
            new: Some(Count::Shown(3)),
            returning: Some(Count::Shown(3)),
            versions: Vec::new(),
        };
        let cohort = |first: i32| Cohort {
            first: Day(first),
            size: Count::Shown(7),
            later: vec![Count::Shown(3), Count::Shown(3)],
        };
        let mut retention = [cohort(4), cohort(11)];
        let weeks = [week(4), week(11), week(18), week(25)];
        hide(&mut retention, &weeks, &[false; 4], &[false, false, true, false], 3);
        let [first, second] = retention;
        assert_eq!(first.later, [Count::Shown(3), Count::Hidden]);
        assert_eq!(second.later, [Count::Hidden, Count::Shown(3)]);
    }
}
