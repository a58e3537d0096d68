//! Hides counts of fields. The values of a field and "not sent" are the parts of all installations, whose number is shown.
//!
//! - If too few sent a field, all of it is hidden. If too few did not, the number of those who did is hidden, too, and some values.
//!   Whether it is depends on these two numbers only, so that fields that are sent together are treated alike.
//! - The fields of a variant are sent as often as the word of the variant. They are hidden if that word is.
//! - Fields of some releases only tell how many installations have those releases. If one of these numbers is too small, or the
//!   number of installations with a version is hidden in some week, they all are hidden.
//! - The paths in a list's items depend on each other and on the lengths. They are hidden all together.

use super::super::describe::Within;
use super::super::fields::{Field, Shape};
use super::super::report::{Active, Bar, Count, FieldReport, Values};
use super::partition::{self, hidden};
use super::{hide_each, hide_if, is_small, number};

/// How fields depend on each other.
pub(super) struct Related<'f> {
    pub(super) fields: &'f [Field],
    pub(super) releases: usize,
    /// Whether the number of installations with some version is hidden.
    pub(super) has_hidden_versions: bool,
}

/// Hides counts of the fields. All are shown.
pub(super) fn hide(reports: &mut [FieldReport], related: &Related<'_>, least: u64) {
    let is_partial = |field: &Field| field.releases < related.releases;
    let is_told = |report: &FieldReport| is_small(report.sent, least) || is_small(report.absent, least);
    let pairs = || reports.iter().zip(related.fields);
    let are_partial_hidden =
        related.has_hidden_versions || pairs().any(|(report, field)| is_partial(field) && is_told(report));
    for index in 0..reports.len() {
        let Some(field) = related.fields.get(index) else { continue };
        let (before, rest) = reports.split_at_mut(index);
        let Some(report) = rest.first_mut() else { continue };
        fold(&mut report.values, least);
        if field.variants.iter().any(|variant| !is_word_shown(before, variant)) {
            hide_all(report);
        } else {
            let is_sum_hidden = are_partial_hidden && is_partial(field);
            hide_one(report, &field.shape, is_sum_hidden, least);
        }
    }
}

/// Whether the number of installations with a variant is shown.
fn is_word_shown(before: &[FieldReport], variant: &Within) -> bool {
    let tag = before.iter().find(|report| report.path == variant.tag);
    match tag.map(|report| &report.values) {
        Some(Values::Words { bars }) => {
            bars.iter().any(|bar| bar.label == variant.word && matches!(bar.count, Count::Shown(_)))
        }
        _ => false,
    }
}

fn hide_one(report: &mut FieldReport, shape: &Shape, is_sum_hidden: bool, least: u64) {
    if is_small(report.sent, least) {
        return hide_all(report);
    }
    let is_sum_hidden = is_sum_hidden || is_small(report.absent, least);
    let absent = number(report.absent);
    if is_sum_hidden {
        (report.sent, report.absent) = (Count::Hidden, Count::Hidden);
    }
    let mut cells = parts(&mut report.values);
    let mut numbers: Vec<u64> = cells.iter().map(|count| number(**count)).collect();
    // The word of a variant can still tell how many sent its fields.
    let mut forced = hidden(&numbers, &[], least);
    if is_sum_hidden {
        numbers.push(absent);
        forced.push(true);
    }
    let are_hidden = hidden(&numbers, &forced, least);
    hide_each(cells.iter_mut().map(|count| &mut **count), &are_hidden);
    if let (Values::Items { lengths, within }, Shape::Items { .. }) = (&mut report.values, shape) {
        let has_hidden = lengths.iter().any(|bar| bar.count == Count::Hidden) || is_sum_hidden;
        let has_small = within.iter().flat_map(|within| &within.bars).any(|bar| is_small(bar.count, least));
        if has_hidden || has_small {
            within.iter_mut().flat_map(|within| &mut within.bars).for_each(|bar| bar.count = Count::Hidden);
        }
    }
}

/// The counts of the values, of which an installation has one. Words of a set are treated alike: a set can have one word at most.
fn parts(values: &mut Values) -> Vec<&mut Count> {
    match values {
        Values::Share { yes, no } => vec![yes, no],
        Values::Words { bars } | Values::Sets { bars } | Values::Ranges { bars } | Values::Versions { bars, .. } => {
            bars.iter_mut().map(|bar| &mut bar.count).collect()
        }
        Values::Items { lengths, .. } => lengths.iter_mut().map(|bar| &mut bar.count).collect(),
    }
}

/// Hides the whole field. Its words stay.
pub(super) fn hide_all(report: &mut FieldReport) {
    (report.sent, report.absent) = (Count::Hidden, Count::Hidden);
    match &mut report.values {
        // Versions are not in the schema. That somebody has one tells of somebody.
        Values::Versions { bars, weeks } => {
            bars.clear();
            weeks.iter_mut().for_each(Vec::clear);
        }
        Values::Items { within, .. } => {
            within.iter_mut().flat_map(|within| &mut within.bars).for_each(|bar| bar.count = Count::Hidden);
        }
        _ => {}
    }
    parts(&mut report.values).into_iter().for_each(|count| *count = Count::Hidden);
}

/// The label of all versions of which there are too few.
pub(in super::super) const OTHER: &str = "other";

/// Counts versions with too few installations together: a version can be one that only one person has.
fn fold(values: &mut Values, least: u64) {
    if let Values::Items { within, .. } = values {
        // Versions in items are rare. Those with few installations are left out.
        within.iter_mut().for_each(|within| {
            let is_version =
                |bar: &Bar| bar.label.contains('.') && bar.label.split('.').all(|part| part.parse::<u16>().is_ok());
            within.bars.retain(|bar| !(is_version(bar) && is_small(bar.count, least)));
        });
    }
    let Values::Versions { bars, weeks } = values else { return };
    let cell = |week: &Vec<Count>, at: usize| week.get(at).map_or(0, |count| number(*count));
    let is_kept = |(at, bar): (usize, &Bar)| {
        number(bar.count) >= least
            || (number(bar.count) == 0 && !weeks.iter().any(|week| partition::is_small(cell(week, at), least)))
    };
    let are_kept: Vec<bool> = bars.iter().enumerate().map(is_kept).collect();
    if !are_kept.contains(&false) {
        return;
    }
    let split = |counts: Vec<u64>| -> Vec<Count> {
        let other = counts.iter().zip(&are_kept).filter(|(_, is_kept)| !**is_kept).map(|(count, _)| *count).sum();
        let kept = counts.iter().zip(&are_kept).filter(|(_, is_kept)| **is_kept).map(|(count, _)| *count);
        kept.chain([other]).map(Count::Shown).collect()
    };
    let counts = split(bars.iter().map(|bar| number(bar.count)).collect());
    for week in weeks.iter_mut() {
        *week = split(week.iter().map(|count| number(*count)).collect());
    }
    let labels = bars.iter().zip(&are_kept).filter(|(_, is_kept)| **is_kept).map(|(bar, _)| bar.label.clone());
    let labels = labels.chain([OTHER.to_owned()]);
    *bars = labels.zip(counts).map(|(label, count)| Bar { label, count }).collect();
}

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
