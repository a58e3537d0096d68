//! Hides counts of all events together.
//!
//! An installation that sent any event sent at least one of them: the number of all is at least that of each event, and at most their sum. If
//! these bounds tell anything of what is hidden, the activity of all events is hidden as a whole.

use super::super::report::{Active, Activity, Count, EventSummary};
use super::{activity, counts, is_small, number};

/// Hides counts of an event's summary as in its own report.
pub(in super::super) fn summary(summary: &mut EventSummary, ephemeral: u64, least: u64) {
    if least <= 1 {
        return;
    }
    if is_small(summary.installs, least) {
        (summary.events, summary.installs) = (Count::Hidden, Count::Hidden);
    } else {
        (summary.events, _) = counts(summary.events, Count::Shown(ephemeral), least);
    }
}

/// Hides counts of the activity of all events. `events` has that of each event, in which everything is shown, with its summary.
pub(in super::super) fn overview(all: &mut Activity, mut events: Vec<(&mut EventSummary, Activity)>, least: u64) {
    if least <= 1 {
        return;
    }
    // There are at least as many installations as send the event that most of them send.
    let most = events.iter().map(|(summary, _)| number(summary.installs)).max().unwrap_or_default();
    activity::hide(all, &mut [], most, least);
    for (summary, own) in &mut events {
        if summary.installs == Count::Hidden {
            activity::hide_all(own, &mut []);
        } else {
            activity::hide(own, &mut [], number(summary.installs), least);
        }
        if activity::has_hidden(own) {
            summary.events = Count::Hidden;
        }
    }
    let levels: [fn(&Activity) -> &Vec<Active>; 3] = [|all| &all.days, |all| &all.weeks, |all| &all.months];
    let is_told = levels.iter().any(|level| {
        level(all).iter().any(|active| {
            let own = events.iter().filter_map(|(_, own)| level(own).iter().find(|own| own.first == active.first));
            tells(active, &own.collect::<Vec<_>>())
        })
    });
    if is_told {
        activity::hide_all(all, &mut []);
    }
}

/// Whether the number of a period tells anything of hidden ones of the events, or they of it.
fn tells(all: &Active, events: &[&Active]) -> bool {
    let counts: [fn(&Active) -> Option<Count>; 3] =
        [|active| Some(active.installs), |active| active.new, |active| active.returning];
    counts.iter().any(|count| {
        let Some(all) = count(all) else { return false };
        let own = || events.iter().filter_map(|event| count(event));
        let shown: u64 = own().map(number).sum();
        match all {
            Count::Hidden => shown > 0,
            Count::Shown(all) => own().any(|count| count == Count::Hidden) && all > shown,
        }
    })
}
