//! Hides counts of too few installations, and enough others that none of them can be computed.
//!
//! A count of 1 to `least` - 1 is *small*. No small count is shown. Where a sum is known, other counts are hidden, too: at least two of its
//! parts, which together make at least `least` ([`partition`]). Then each hidden part can be anything from 0 to that sum: one that is
//! small can neither be computed nor be told from one that is not.
//!
//! Between tables, more is known: a day is part of a week, and members of an object are sent together. In place of a search for the
//! fewest counts to hide, each such relation has a simple rule, which hides more than it must:
//!
//! - [`fields`]: of fields whose sums depend on each other, either all sums are hidden or none.
//! - [`activity`]: weeks are hidden one by one; days only all together; months if they overlap what is hidden.
//! - [`cross`]: what is hidden of a table is a rectangle, whose sums in both directions are at least `least`.
//! - [`overview`]: activity of all events is shown only where that tells nothing of an event whose own is hidden.
//!
//! # What is not protected
//!
//! Two reports under different filters can be subtracted from each other, and so can those of two days. So filters are for those who may
//! read the database, and what is published has none, and changes by whole weeks. Nothing helps against a reader who knows what some
//! installations sent.

mod activity;
mod cohorts;
mod cross;
mod fields;
mod overview;
mod partition;

use super::fields::Field;
use super::report::{Count, EventReport};

pub(super) use activity::hide as activity;
pub(super) use fields::OTHER;
pub(super) use overview::{overview, summary};

/// Hides what is too small in the report of an event. All of its counts are shown.
pub(super) fn event(report: &mut EventReport, fields: &[Field], releases: usize, least: u64) {
    report.least = least;
    if least <= 1 {
        return;
    }
    if is_small(report.installs, least) {
        return everything(report);
    }
    (report.events, report.ephemeral) = counts(report.events, report.ephemeral, least);
    let has_hidden_versions =
        activity::hide(&mut report.activity, &mut report.retention, number(report.installs), least);
    if activity::has_hidden(&report.activity) {
        (report.events, report.ephemeral) = (Count::Hidden, Count::Hidden);
    }
    let related = fields::Related { fields, releases, has_hidden_versions };
    fields::hide(&mut report.fields, &related, least);
    fields::weeks(&mut report.fields, &report.activity.weeks, least);
    if let Some(table) = &mut report.cross {
        cross::hide(table, &report.fields, least);
    }
}

/// The number of events, and how many of them have an ephemeral id. Each installation that is active on a day sent an event, so that one
/// would bound the other. Both bound all days together, so that they are hidden if a day, week or month is.
fn counts(events: Count, ephemeral: Count, least: u64) -> (Count, Count) {
    if is_small(events, least) || is_small(ephemeral, least) {
        (Count::Hidden, Count::Hidden)
    } else {
        (events, ephemeral)
    }
}

/// All installations are too few.
fn everything(report: &mut EventReport) {
    (report.events, report.ephemeral, report.installs) = (Count::Hidden, Count::Hidden, Count::Hidden);
    activity::hide_all(&mut report.activity, &mut report.retention);
    report.fields.iter_mut().for_each(fields::hide_all);
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
