//! Hides counts of fields. The values of a field, "not sent" and "release without it" are the parts of all installations, whose number is shown.
//!
//! - If too few sent a field, all of it is hidden. If too few did not, the number of those who did is hidden, too, and some values.
//!   Whether it is depends on these two numbers only, so that fields that are sent together are treated alike.
//! - The same holds where others tell how many could have sent it: those with a release that has the field, with the variant that it is part
//!   of, or with the object that it is a member of. Too few of these must not lack it.
//! - The fields of a variant are sent as often as the word of the variant. They are hidden if that word is.
//! - Fields of some releases only tell how many installations have those releases, and how many have the others. If too few have one of the releases
//!   that can be told apart by their fields, or the number of installations with a version is hidden in some week, they all are hidden. Otherwise sums and
//!   differences of how many have a field are of whole releases, none of which too few have.
//! - The paths in a list's items depend on each other and on the lengths. They are hidden all together.

use super::super::describe::Within;
use super::super::fields::Field;
use super::super::releases::Releases;
use super::super::report::{Bar, Count, FieldReport, Values, Within as ItemValues};
use super::partition::{self, hidden};
use super::{hide_each, hide_if, is_small, number};

/// How fields depend on each other.
pub(super) struct Related<'f> {
    pub(super) fields: &'f [Field],
    pub(super) releases: &'f Releases,
    /// Whether the number of installations with some version is hidden.
    pub(super) has_hidden_versions: bool,
}

/// Hides counts of the fields. All are shown.
pub(super) fn hide(reports: &mut [FieldReport], related: &Related<'_>, least: u64) {
    let are_partial_hidden =
        related.has_hidden_versions || related.releases.counts().any(|count| partition::is_small(count, least));
    let sent: Vec<u64> = reports.iter().map(|report| number(report.sent)).collect();
    for (index, field) in related.fields.iter().enumerate() {
        let (before, rest) = reports.split_at_mut(index.min(reports.len()));
        let Some(report) = rest.first_mut() else { continue };
        if field.variants.iter().any(|variant| shown_word(before, variant).is_none()) {
            hide_all(report, related.releases.lack(index));
            continue;
        }
        let lacking = lacking(index, report, before, related, &sent);
        let is_told = lacking.iter().any(|count| partition::is_small(*count, least));
        let is_sum_hidden = is_told || (are_partial_hidden && related.releases.lack(index));
        // The fewest of whom it can be told that they could have sent it.
        let fewest = lacking.into_iter().filter(|count| *count > 0).min().unwrap_or(0);
        hide_one(report, related.releases.lack(index), is_sum_hidden.then_some(fewest), least);
    }
}

/// How many installations did not send a field: of all, and of those of whom others tell that they could have.
fn lacking(
    index: usize,
    report: &FieldReport,
    before: &[FieldReport],
    related: &Related<'_>,
    sent: &[u64],
) -> Vec<u64> {
    let own = number(report.sent);
    let absent = number(report.absent) + number(report.without);
    let mut lacking = vec![absent, related.releases.with(index).saturating_sub(own)];
    let Some(field) = related.fields.get(index) else { return lacking };
    let words = field.variants.iter().filter_map(|variant| shown_word(before, variant));
    lacking.extend(words.map(|count| count.saturating_sub(own)));
    // The member that is sent most often is there whenever the object is, or else nothing tells how often the object is.
    let path = field.column.0.as_str();
    // A dot can also be one of a name or of a word: then more is hidden than has to be.
    for (dot, _) in path.match_indices('.') {
        let (object, members) = path.split_at(dot);
        let is_in = |other: &Field| {
            let other = other.column.0.as_str();
            other == object || other.starts_with(object) && other[dot..].starts_with(&members[..1])
        };
        let of = related.fields.iter().zip(sent).filter(|(other, _)| is_in(other)).map(|(_, sent)| *sent);
        lacking.extend(of.max().map(|most| most.saturating_sub(own)));
    }
    lacking
}

/// The number of installations with a variant, if it is shown.
fn shown_word(before: &[FieldReport], variant: &Within) -> Option<u64> {
    let tag = before.iter().find(|report| report.path == variant.tag)?;
    let Values::Words { bars } = &tag.values else { return None };
    bars.iter().find(|bar| bar.label == variant.word).and_then(|bar| match bar.count {
        Count::Shown(count) => Some(count),
        Count::Hidden => None,
    })
}

/// `rest` is how many could have sent it and did not, if the number of those who did is hidden.
fn hide_one(report: &mut FieldReport, is_partial: bool, rest: Option<u64>, least: u64) {
    if is_small(report.sent, least) {
        return hide_all(report, is_partial);
    }
    let sent = number(report.sent);
    if rest.is_some() {
        hide_sums(report, is_partial);
    }
    // Words of a set are treated like others: a set can have one word at most. But those who sent others are not told by them.
    let is_set = matches!(report.values, Values::Sets { .. });
    let mut cells = parts(&mut report.values);
    let numbers: Vec<u64> = cells.iter().map(|count| number(**count)).collect();
    let is_told = |count: &u64| is_set && partition::is_small(sent.saturating_sub(*count), least);
    let mut forced: Vec<bool> = numbers.iter().map(is_told).collect();
    if is_set && partition::is_small(numbers.iter().sum::<u64>().abs_diff(sent), least) {
        // So few have several words, or none that is known.
        let smallest =
            numbers.iter().zip(&mut forced).filter(|(count, _)| **count > 0).min_by_key(|(count, _)| **count);
        smallest.into_iter().for_each(|(_, is_forced)| *is_forced = true);
    }
    let are_hidden = mask(&numbers, &forced, rest, least);
    hide_each(cells.iter_mut().map(|count| &mut **count), &are_hidden);
    if let Values::Items { lengths, within, untold } = &mut report.values {
        // Those whose list is empty have no items.
        let (has_lengths, empty) = (!lengths.is_empty(), numbers.first().copied().unwrap_or(0));
        let with_items = if has_lengths { sent.saturating_sub(empty) } else { sent };
        let has_hidden = rest.is_some() || lengths.iter().any(|bar| bar.count == Count::Hidden);
        // An installation with an enum has one of its variants, so what is told of these makes up all of which something is told.
        let is_rest_told = partition::is_small(*untold, least);
        if has_hidden || is_rest_told || within.iter().any(|within| is_item_told(&within.bars, with_items, least)) {
            within.iter_mut().for_each(hide_items);
        }
    }
}

/// Whether few have a value in their items, or lack one that others have, or have several, or none that is known.
fn is_item_told(bars: &[Bar], with_items: u64, least: u64) -> bool {
    let is_small = |count| partition::is_small(count, least);
    let sum: u64 = bars.iter().map(|bar| number(bar.count)).sum();
    let is_told = |count| is_small(count) || is_small(with_items.saturating_sub(count));
    bars.iter().any(|bar| is_told(number(bar.count))) || is_small(sum.abs_diff(with_items))
}

/// What is hidden of the values of a field. `rest` is as above.
pub(super) fn mask(numbers: &[u64], forced: &[bool], rest: Option<u64>, least: u64) -> Vec<bool> {
    // The word of a variant can still tell how many sent its fields.
    let mut forced = hidden(numbers, forced, least);
    let mut numbers = numbers.to_vec();
    if let Some(rest) = rest {
        numbers.push(rest);
        forced.push(true);
    }
    hidden(&numbers, &forced, least)
}

/// The counts of the values, of which an installation has one.
fn parts(values: &mut Values) -> Vec<&mut Count> {
    match values {
        Values::Share { yes, no } => vec![yes, no],
        Values::Words { bars } | Values::Sets { bars } | Values::Ranges { bars } | Values::Versions { bars, .. } => {
            bars.iter_mut().map(|bar| &mut bar.count).collect()
        }
        Values::Items { lengths, .. } => lengths.iter_mut().map(|bar| &mut bar.count).collect(),
    }
}

/// Hides how many sent the field. That each release has it tells nothing.
fn hide_sums(report: &mut FieldReport, is_partial: bool) {
    (report.sent, report.absent) = (Count::Hidden, Count::Hidden);
    hide_if(&mut report.without, is_partial);
}

/// Hides the whole field. Its words stay. `is_partial` says whether some release does not have it.
pub(super) fn hide_all(report: &mut FieldReport, is_partial: bool) {
    hide_sums(report, is_partial);
    match &mut report.values {
        // Versions are not in the schema. That somebody has one tells of somebody.
        Values::Versions { bars, weeks } => {
            bars.clear();
            weeks.iter_mut().for_each(Vec::clear);
        }
        Values::Items { within, .. } => within.iter_mut().for_each(hide_items),
        _ => {}
    }
    parts(&mut report.values).into_iter().for_each(|count| *count = Count::Hidden);
}

/// Hides the values in items. That somebody has a version tells of somebody.
fn hide_items(within: &mut ItemValues) {
    within.bars.truncate(within.bars.len().saturating_sub(within.versions));
    within.versions = 0;
    within.bars.iter_mut().for_each(|bar| bar.count = Count::Hidden);
}

/// The label of all versions of which there are too few.
pub(in super::super) const OTHER: &str = "other";

/// Counts versions with too few installations together: a version can be one that only one person has.
pub(super) fn fold(reports: &mut [FieldReport], least: u64) {
    reports.iter_mut().for_each(|report| fold_one(&mut report.values, least));
}

fn fold_one(values: &mut Values, least: u64) {
    if let Values::Items { within, .. } = values {
        // Versions in items are rare. Those with few installations are left out.
        for within in within {
            let versions = within.bars.split_off(within.bars.len().saturating_sub(within.versions));
            let kept: Vec<Bar> = versions.into_iter().filter(|bar| !is_small(bar.count, least)).collect();
            within.versions = kept.len();
            within.bars.extend(kept);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_few_have_in_their_items_is_not_named() {
        let bar = |label: &str, count| Bar { label: label.to_owned(), count: Count::Shown(count) };
        let bars = vec![bar("1.80", 1), bar("3", 40), bar("4.17.3", 1), bar("5", 1)];
        let within = vec![ItemValues { path: String::new(), bars, versions: 3 }];
        let values = Values::Items { lengths: Vec::new(), within, untold: 0 };
        let labels = |values: &Values| match values {
            Values::Items { within, .. } => within[0].bars.iter().map(|bar| bar.label.clone()).collect(),
            _ => Vec::new(),
        };
        let mut folded = values.clone();
        fold_one(&mut folded, 20);
        assert_eq!(labels(&folded), ["1.80", "3"], "the first is a word of the schema");
        let mut hidden = values;
        if let Values::Items { within, .. } = &mut hidden {
            within.iter_mut().for_each(hide_items);
        }
        assert_eq!(labels(&hidden), ["1.80"]);
    }
}
