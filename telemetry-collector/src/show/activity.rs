//! Installs over time.

use jiff::civil::Date;
use maud::{Markup, html};

use super::chart::{Column, Series, Table, folded, legend, line, stack};
use super::number::{self, Of};
use crate::arrival::Day;
use crate::ask::report::{Active, Activity, Bar, Count};

/// So many versions have a colour of their own. Older ones share one.
const VERSION_CLASSES: [&str; 5] = ["v0", "v1", "v2", "v3", "v4"];

/// What a chart counts by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
}

impl Unit {
    const fn title(self) -> &'static str {
        match self {
            Self::Day => "Active installs a day",
            Self::Week => "Active installs a week, new and returning",
            Self::Month => "Active installs a month, new and returning",
        }
    }

    pub(super) const fn heading(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::Week => "Week from Monday",
            Self::Month => "Month",
        }
    }

    /// The first day of the period with which the one that begins on `first` is compared, and what it is called. Days of a week differ, so that a
    /// day is compared with the same one of the week before.
    fn earlier(self, first: Day) -> (Day, &'static str) {
        let ago = |days: i32| Day(first.0.saturating_sub(days));
        match self {
            Self::Day => (ago(7), "a week before"),
            Self::Week => (ago(7), "the week before"),
            Self::Month => (ago(i32::from(ago(1).date().days_in_month())), "the month before"),
        }
    }

    /// A short name of a period, with the year where it begins.
    pub(super) fn label(self, date: Date, before: Option<Date>) -> String {
        let is_first = before.is_none() && self == Self::Month;
        let has_year = is_first || before.is_some_and(|before| before.year() != date.year());
        let form = match (self, has_year) {
            (Self::Month, true) => "%b %Y",
            (Self::Month, false) => "%b",
            (_, true) => "%-d %b %Y",
            (_, false) => "%-d %b",
        };
        date.strftime(form).to_string()
    }

    /// The name of a period in a table.
    pub(super) fn name(self, first: Day, is_complete: bool) -> String {
        let form = if self == Self::Month { "%b %Y" } else { "%-d %b %Y" };
        let open = if is_complete { "" } else { " (not complete)" };
        format!("{}{open}", first.date().strftime(form))
    }
}

/// The charts of a day, a week and a month, and by version if there are versions.
pub(super) fn activity(activity: &Activity) -> Markup {
    html! {
        div.grid {
            @if has_any(&activity.weeks) { (over_time(Unit::Week, &activity.weeks)) }
            @if activity.weeks.iter().any(|week| !week.versions.is_empty()) { (by_version(&activity.weeks)) }
            @if has_any(&activity.days) { (over_time(Unit::Day, &activity.days)) }
            @if has_any(&activity.months) { (over_time(Unit::Month, &activity.months)) }
        }
        @if [&activity.days, &activity.weeks, &activity.months].iter().any(|all| all.iter().any(|one| !one.is_complete)) {
            p.note { "Pale: not complete. The time is not over, or events of it may still arrive." }
        }
    }
}

/// Whether any installs were active.
pub(super) fn has_activity(activity: &Activity) -> bool {
    [&activity.days, &activity.weeks, &activity.months].iter().any(|periods| has_any(periods))
}

fn has_any(periods: &[Active]) -> bool {
    periods.iter().any(|period| period.installs != Count::Shown(0))
}

fn over_time(unit: Unit, periods: &[Active]) -> Markup {
    let columns = columns(unit, periods);
    let name = accessible_name(unit.title(), &columns, Of::Installs);
    let series = [
        Series { name: "Returning".to_owned(), class: "s-returning" },
        Series { name: "New".to_owned(), class: "s-new" },
        Series { name: "Not known any more".to_owned(), class: "s-unknown" },
    ];
    let is_known = periods.iter().all(|period| period.new.is_some());
    let series = if is_known { &series[..2] } else { &series[..] };
    html! {
        section.card {
            h3 { (unit.title()) }
            @if unit == Unit::Day { (line(&name, &columns)) } @else { (legend(series)) (stack(&name, series, &columns)) }
            (folded(&table(unit, periods)))
        }
    }
}

fn columns(unit: Unit, periods: &[Active]) -> Vec<Column> {
    let mut before = None;
    let mut columns = Vec::new();
    for period in periods {
        let date = period.first.date();
        let layers = match (period.returning, period.new) {
            (Some(returning), Some(new)) => vec![returning, new, Count::Shown(0)],
            _ => vec![Count::Shown(0), Count::Shown(0), period.installs],
        };
        let label = unit.label(date, before);
        columns.push(Column { label, total: period.installs, layers, is_complete: period.is_complete });
        before = Some(date);
    }
    columns
}

fn table(unit: Unit, periods: &[Active]) -> Table {
    let mut head = vec![unit.heading(), "Installs"];
    if unit != Unit::Day {
        head.extend(["New", "Returning"]);
    }
    let row = |period: &Active| {
        let mut cells = vec![Some(period.installs)];
        if unit != Unit::Day {
            cells.extend([period.new, period.returning]);
        }
        (unit.name(period.first, period.is_complete), cells)
    };
    let rows = periods.iter().rev().map(row).collect();
    Table { caption: unit.title().to_owned(), head: head.into_iter().map(str::to_owned).collect(), rows }
}

/// What a reader of the screen says of a chart over time.
pub(super) fn accessible_name(title: &str, columns: &[Column], of: Of) -> String {
    let last = columns.iter().rfind(|column| column.is_complete);
    let highest = columns.iter().filter_map(|column| number::shown(column.total)).max();
    let mut name = title.to_owned();
    if let Some(last) = last {
        name.push_str(&format!(". Last complete, from {}: {}", last.label, of.said(last.total)));
    }
    if let Some(highest) = highest {
        name.push_str(&format!(". Highest: {}", number::thousands(highest)));
    }
    name
}

/// The weeks by the version of the schema.
fn by_version(weeks: &[Active]) -> Markup {
    let versions: Vec<String> = weeks
        .iter()
        .find(|week| !week.versions.is_empty())
        .map_or_else(Vec::new, |week| week.versions.iter().map(|bar| bar.label.clone()).collect());
    let counts: Vec<Vec<Count>> =
        weeks.iter().map(|week| week.versions.iter().map(|bar| bar.count).collect()).collect();
    html! {
        section.card {
            h3 { "Active installs a week, by version" }
            (versions_over_time("Active installs a week, by version", weeks, &versions, &counts))
        }
    }
}

/// Versions, ascending, and how many installs of each week have each.
pub(super) fn versions_over_time(title: &str, weeks: &[Active], versions: &[String], counts: &[Vec<Count>]) -> Markup {
    let older = versions.len().saturating_sub(VERSION_CLASSES.len());
    let newest = versions.iter().skip(older).rev().zip(VERSION_CLASSES);
    let mut series: Vec<Series> = newest.map(|(version, class)| Series { name: version.clone(), class }).collect();
    if older > 0 {
        series.push(Series { name: "older".to_owned(), class: "v-older" });
    }
    let layers = |counts: &Vec<Count>| -> Vec<Count> {
        let (old, new) = counts.split_at(older.min(counts.len()));
        let old = (older > 0).then(|| sum(old));
        new.iter().rev().copied().chain(old).collect()
    };
    let mut columns = columns(Unit::Week, weeks);
    for (column, counts) in columns.iter_mut().zip(counts) {
        column.layers = layers(counts);
        // Not every install of the week has to have a version.
        column.total = sum(counts);
    }
    let row = |(week, counts): (&Active, &Vec<Count>)| {
        (Unit::Week.name(week.first, week.is_complete), counts.iter().rev().copied().map(Some).collect())
    };
    let rows = weeks.iter().zip(counts).rev().map(row).collect();
    let head = [Unit::Week.heading().to_owned()].into_iter().chain(versions.iter().rev().cloned()).collect();
    html! {
        (legend(&series))
        (stack(&accessible_name(title, &columns, Of::Installs), &series, &columns))
        (folded(&Table { caption: title.to_owned(), head, rows }))
    }
}

fn sum(counts: &[Count]) -> Count {
    let shown: Option<Vec<u64>> = counts.iter().map(|count| number::shown(*count)).collect();
    shown.map_or(Count::Hidden, |all| Count::Shown(all.into_iter().fold(0, u64::saturating_add)))
}

/// The last complete period, in large figures, and how it differs from an earlier one.
pub(super) fn figures(activity: &Activity) -> Markup {
    html! {
        (figure("Active in the last complete month", Unit::Month, &activity.months))
        (figure("Active in the last complete week", Unit::Week, &activity.weeks))
        (figure("Active on the last complete day", Unit::Day, &activity.days))
    }
}

fn figure(title: &str, unit: Unit, periods: &[Active]) -> Markup {
    let complete: Vec<&Active> = periods.iter().filter(|period| period.is_complete).collect();
    let Some(last) = complete.last() else { return super::html::nothing() };
    let (first, earlier) = unit.earlier(last.first);
    // There may be gaps between the periods that are known.
    let before = complete.iter().find(|period| period.first == first);
    let date = last.first.date();
    let when = match unit {
        Unit::Month => date.strftime("%B %Y").to_string(),
        Unit::Week => format!("from {}", date.strftime("%-d %b %Y")),
        Unit::Day => date.strftime("%-d %b %Y").to_string(),
    };
    html! {
        div {
            dt { (title) }
            dd {
                strong { (number::count(last.installs)) }
                span.when { (when) @if let Some(change) = before.and_then(|before| change(before, last, earlier)) { ", " (change) } }
            }
        }
    }
}

fn change(before: &Active, last: &Active, earlier: &str) -> Option<String> {
    let (old, new) = (number::shown(before.installs)?, number::shown(last.installs)?);
    match (old, new) {
        (0, _) => None,
        _ if new == old => Some(format!("as many as {earlier}")),
        _ if new > old => {
            let more = number::percent(new - old, old).replace("100%", &added(new - old, old));
            Some(format!("{more} more than {earlier}"))
        }
        _ => Some(format!("{} fewer than {earlier}", number::percent(old - new, old))),
    }
}

/// A percentage that may be above 100.
fn added(more: u64, old: u64) -> String {
    format!("{:.0}%", 100.0 * number::ratio(more, old))
}

/// The versions of bars, for a chart of them.
pub(super) fn labels(bars: &[Bar]) -> Vec<String> {
    bars.iter().map(|bar| bar.label.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_compared_with_the_one_that_is_named() {
        let of = |unit: Unit, periods: &[(&str, u64)]| {
            let period = |(first, installs): &(&str, u64)| Active {
                first: first.parse().unwrap(),
                is_complete: true,
                installs: Count::Shown(*installs),
                new: None,
                returning: None,
                versions: Vec::new(),
            };
            figure("", unit, &periods.iter().map(period).collect::<Vec<_>>()).into_string()
        };
        let day = of(Unit::Day, &[("2026-11-20", 100), ("2026-11-26", 20), ("2026-11-27", 60)]);
        assert!(day.contains(", 40% fewer than a week before<"), "{day}");
        let week = of(Unit::Week, &[("2026-11-09", 9), ("2026-11-16", 20), ("2026-11-23", 60)]);
        assert!(week.contains(", 200% more than the week before<"), "{week}");
        let month = of(Unit::Month, &[("2026-02-01", 60), ("2026-03-01", 60)]);
        assert!(month.contains(", as many as the month before<"), "{month}");
        // That one is not known.
        for (unit, before, last) in [
            (Unit::Day, "2026-11-19", "2026-11-27"),
            (Unit::Week, "2026-11-09", "2026-11-23"),
            (Unit::Month, "2025-12-01", "2026-02-01"),
        ] {
            let gap = of(unit, &[(before, 60), (last, 60)]);
            assert!(!gap.contains("before"), "{gap}");
        }
    }
}
