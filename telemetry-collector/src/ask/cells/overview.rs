//! Hides counts of all events together.
//!
//! An installation that sent any event sent at least one of them: the number of all is at least that of each event, and at most their sum.
//! The difference of all and an event is how many sent only others; that of the sum and all is how often installations sent several. If one
//! of these is small, or tells the least that a hidden number of an event can be, the number of all is hidden.
//!
//! No sum of the weeks of all events is known, so that they are hidden one by one.

use super::super::activity::Overlap;
use super::super::period::Level;
use super::super::report::{Active, Activity, Cohort, Count, EventSummary};
use super::activity::{self, Known, Told};
use super::{counts, is_small, number, partition};

/// What was counted of an event.
pub(in super::super) struct Own {
    pub(in super::super) summary: EventSummary,
    pub(in super::super) ephemeral: u64,
    /// Its activity, if something is to be hidden.
    pub(in super::super) activity: Activity,
    pub(in super::super) overlaps: Vec<Overlap>,
    /// Its cohorts, which tell of returning installations.
    pub(in super::super) retention: Vec<Cohort>,
}

/// Hides counts of all events, and of the summaries of each as in its own report. All are shown.
pub(in super::super) fn overview(all: &mut Activity, events: &mut [Own], least: u64) {
    if least <= 1 {
        return;
    }
    // There are at least as many installations as send the event that most of them send.
    let most = events.iter().map(|event| number(event.summary.installs)).max().unwrap_or_default();
    let is_rarely_repeated = activity::is_rarely_repeated(all, most, least);
    for Own { summary, ephemeral, activity: own, retention, .. } in events.iter_mut() {
        if is_small(summary.installs, least) {
            (summary.events, summary.installs) = (Count::Hidden, Count::Hidden);
            activity::hide_all(own, retention);
        } else {
            (summary.events, _) = counts((summary.events, Count::Shown(*ephemeral)), summary.installs, own, least);
            let known =
                Known { least, all: Some(number(summary.installs)), told: &|_, _| Told::default(), overlaps: &[] };
            activity::hide(own, retention, &known);
        }
        if activity::has_hidden(own) {
            summary.events = Count::Hidden;
        }
    }
    if is_rarely_repeated {
        return activity::hide_all(all, &mut []);
    }
    let told = |level, active: &Active| told(level, active, events, least);
    activity::hide(all, &mut [], &Known { least, all: None, told: &told, overlaps: &[] });
}

/// The same for what is published.
pub(in super::super) fn published(all: &mut Activity, overlaps: &[Overlap], events: &mut [Own], least: u64) {
    for Own { summary, ephemeral, activity: own, overlaps, retention } in events.iter_mut() {
        if least > 1 {
            activity::hide(own, retention, &Known { least, all: None, told: &|_, _| Told::default(), overlaps });
        }
        if super::is_week_hidden(own) {
            (summary.events, summary.installs) = (Count::Hidden, Count::Hidden);
        } else if least > 1 {
            let both = (summary.events, Count::Shown(*ephemeral));
            (summary.events, _) = counts(both, summary.installs, &Activity::default(), least);
        }
    }
    if least > 1 {
        let told = |level, active: &Active| told(level, active, events, least);
        activity::hide(all, &mut [], &Known { least, all: None, told: &told, overlaps });
    }
}

/// Whether the numbers of all events and of each tell of each other.
fn told(level: Level, all: &Active, events: &[Own], least: u64) -> Told {
    let periods = |activity: &Activity| -> Vec<Active> {
        let periods = match level {
            Level::Day => &activity.days,
            Level::Week => &activity.weeks,
            Level::Month | Level::Overlap => &activity.months,
        };
        periods.iter().filter(|own| own.first == all.first).cloned().collect()
    };
    let own: Vec<Active> = events.iter().flat_map(|event| periods(&event.activity)).collect();
    let is_told = |count: &dyn Fn(&Active) -> Option<Count>| {
        let Some(all) = count(all).map(number) else { return false };
        let own: Vec<Count> = own.iter().filter_map(count).collect();
        tells(all, &own, least)
    };
    Told {
        installs: is_told(&|active| Some(active.installs)),
        split: is_told(&|active| active.new) || is_told(&|active| active.returning),
    }
}

fn tells(all: u64, own: &[Count], least: u64) -> bool {
    let is_small = |number| partition::is_small(number, least);
    let shown = || own.iter().filter(|count| **count != Count::Hidden).map(|count| number(*count));
    let sum: u64 = shown().sum();
    let rest = if own.contains(&Count::Hidden) { all > sum } else { is_small(sum.saturating_sub(all)) };
    rest || shown().any(|own| is_small(all.saturating_sub(own)))
}
