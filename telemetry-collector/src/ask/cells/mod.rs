//! Hides counts of too few installations, and enough others that none of them can be computed.
//!
//! A count of 1 to `least` - 1 is *small*. No small count is shown. Where a sum is known, other counts are hidden, too: at least two of its
//! parts, which together make at least `least` ([`partition`]). Then each hidden part can be anything from 0 to that sum: one that is
//! small can neither be computed nor be told from one that is not.
//!
//! The difference of two numbers is a number, too, where one counts a part of what the other counts: the installations that lack a word of a set, that
//! were active in a week and not on one of its days, that sent an event but not another. If it is small, one of the two is hidden.
//!
//! Between tables, more is known: a day is part of a week, and members of an object are sent together. In place of a search for the
//! fewest counts to hide, each such relation has a simple rule, which hides more than it must:
//!
//! - [`fields`]: of fields whose sums depend on each other, either all sums are hidden or none.
//! - [`activity`]: weeks are hidden one by one; days only all together; months if they overlap what is hidden.
//! - [`cross`]: what is hidden of a table is a rectangle, whose sums in both directions are at least `least`.
//! - [`overview`]: activity of all events is shown only where that tells nothing of an event whose own is hidden.
//!
//! # What is published
//!
//! A reader may keep all [editions](super::edition). None of them has a total over all time, so a week cannot be found by subtraction. What is hidden of a
//! week depends on this week and earlier ones, and is hidden in each edition; what is hidden of a month can be hidden later, but is never shown
//! later.
//!
//! # Counted events
//!
//! One installation can add a million times to a sum, so that a sum over many can be that of one, and installations that are in several bars are parts of
//! no sum. So how often a counted event happened is not told where small counts are hidden, nor in what is published: like any other event, it
//! tells of installations, and its count is no field.
//!
//! # What is not protected
//!
//! Two reports under different filters can be subtracted from each other, and so can those of two days. So filters are for those who may
//! read the database, and what is published has none, and changes by whole weeks. A deletion changes numbers of weeks that were published. Nothing
//! helps against a reader who knows what some installations sent.

mod activity;
mod cohorts;
mod cross;
mod fields;
mod overview;
mod partition;
mod versions;

use self::activity::{Known, Told};
use super::activity::Overlap;
use super::fields::Field;
use super::releases::Releases;
use super::report::{Activity, Count, EventReport};

pub(super) use fields::OTHER;
pub(super) use overview::{Own, overview, published as published_overview};

/// Hides what is too small in the report of an event. All of its counts are shown.
pub(super) fn event(report: &mut EventReport, fields: &[Field], releases: &Releases, least: u64) {
    report.least = least;
    if least <= 1 {
        return;
    }
    if is_small(report.installs, least) {
        return everything(report, releases);
    }
    (report.events, report.ephemeral) =
        counts((report.events, report.ephemeral), report.installs, &report.activity, least);
    let known = Known { least, all: Some(number(report.installs)), told: &|_, _| Told::default(), overlaps: &[] };
    activity::hide(&mut report.activity, &mut report.retention, &known);
    let has_hidden_versions = activity::versions(&mut report.activity, least);
    if activity::has_hidden(&report.activity) {
        (report.events, report.ephemeral) = (Count::Hidden, Count::Hidden);
    }
    let related = fields::Related { fields, releases, has_hidden_versions };
    fields::fold(&mut report.fields, least);
    fields::hide(&mut report.fields, &related, least);
    versions::weeks(&mut report.fields, &report.activity.weeks, least);
    if let Some(table) = &mut report.cross {
        cross::hide(table, &report.fields, least);
    }
}

/// The same for what is published.
pub(super) fn published(
    report: &mut EventReport,
    fields: &[Field],
    releases: &Releases,
    overlaps: &[Overlap],
    least: u64,
) {
    report.least = least;
    report.activity.months.iter_mut().for_each(|month| month.versions.clear());
    let installs: Vec<u64> = report.activity.weeks.iter().map(|week| number(week.installs)).collect();
    if least > 1 {
        let known = Known { least, all: None, told: &|_, _| Told::default(), overlaps };
        activity::hide(&mut report.activity, &mut report.retention, &known);
        // All of it is of one week.
        let activity = Activity::default();
        (report.events, report.ephemeral) =
            counts((report.events, report.ephemeral), report.installs, &activity, least);
    }
    let mut has_hidden_versions = false;
    for week in &mut report.activity.weeks {
        // Fields are those of the last week.
        has_hidden_versions = least > 1 && activity::week_versions(week, least);
    }
    if is_week_hidden(&report.activity) {
        let activity = std::mem::take(&mut report.activity);
        let retention = std::mem::take(&mut report.retention);
        everything(report, releases);
        (report.activity, report.retention) = (activity, retention);
    }
    let related = fields::Related { fields, releases, has_hidden_versions };
    versions::published_weeks(&mut report.fields, &related, &report.activity.weeks, &installs, least);
    if least > 1 && report.installs != Count::Hidden {
        fields::hide(&mut report.fields, &related, least);
    }
    versions::only_shown(&mut report.fields);
}

/// Whether the last week is hidden, or its rows are not there.
fn is_week_hidden(activity: &Activity) -> bool {
    activity.weeks.last().is_none_or(|week| week.installs == Count::Hidden || week.new.is_none())
}

/// The number of events, and how many of them have an ephemeral id. Each installation that is active on a day sent an event, so that one
/// would bound the other. Both bound all days together, so that they are hidden if a day, week or month is.
///
/// The rest came from installations. What there is more of it than there are installations, at all or on all days, weeks or months together,
/// came again from the same one. If that is little, few installations sent several, so that both numbers are hidden.
fn counts((events, ephemeral): (Count, Count), installs: Count, activity: &Activity, least: u64) -> (Count, Count) {
    let of_installs = number(events).saturating_sub(number(ephemeral));
    let is_few_more = |active: u64| partition::is_small(of_installs.saturating_sub(active), least);
    let is_told = is_few_more(number(installs)) || activity::sums(activity).into_iter().any(is_few_more);
    if is_told || is_small(events, least) || is_small(ephemeral, least) {
        (Count::Hidden, Count::Hidden)
    } else {
        (events, ephemeral)
    }
}

/// All installations are too few.
fn everything(report: &mut EventReport, releases: &Releases) {
    (report.events, report.ephemeral, report.installs) = (Count::Hidden, Count::Hidden, Count::Hidden);
    activity::hide_all(&mut report.activity, &mut report.retention);
    for (index, field) in report.fields.iter_mut().enumerate() {
        fields::hide_all(field, releases.lack(index));
    }
    if let Some(table) = &mut report.cross {
        cross::hide_all(table);
    }
}

/// The number; 0 if it is hidden.
fn number(count: Count) -> u64 {
    match count {
        Count::Shown(count) => count,
        Count::Hidden => 0,
    }
}

fn is_small(count: Count, least: u64) -> bool {
    partition::is_small(number(count), least)
}

fn hide_if(count: &mut Count, is_hidden: bool) {
    if is_hidden {
        *count = Count::Hidden;
    }
}

fn hide_each<'c>(counts: impl Iterator<Item = &'c mut Count>, are_hidden: &[bool]) {
    counts.zip(are_hidden).for_each(|(count, is_hidden)| hide_if(count, *is_hidden));
}
