//! Everything that is published of an event, with the relations that a reader knows.

use std::collections::HashMap;

use telemetry_collector::arrival::Day;
use telemetry_collector::ask::report::{
    Active, Activity, Bar, Cohort, Count, EventReport, FieldReport, Overview, Values,
};

use super::naive::{monday, month};
use super::solver::Relation::{AtMost, Equal};
use super::solver::Solver;

/// What a reader knows of the installations beforehand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Knows {
    /// Each was active on one day only, and sent one event.
    pub(crate) is_once: bool,
    /// There is one event, so that each installation sent it in its first week.
    pub(crate) is_alone: bool,
}

pub(crate) fn name(parts: &[&dyn std::fmt::Display]) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Counts by name, as the solver has them.
pub(crate) type Counts = HashMap<String, Count>;

fn active(counts: &mut Counts, of: &str, level: &str, all: &[Active]) {
    for active in all {
        let mut put = |what: &str, count: Count| counts.insert(name(&[&of, &level, &active.first, &what]), count);
        put("all", active.installs);
        put("new", active.new.unwrap());
        put("returning", active.returning.unwrap());
        for bar in &active.versions {
            put(&bar.label, bar.count);
        }
    }
}

pub(crate) fn activity(counts: &mut Counts, of: &str, activity: &Activity) {
    active(counts, of, "day", &activity.days);
    active(counts, of, "week", &activity.weeks);
    active(counts, of, "month", &activity.months);
}

/// The counts of a report.
pub(crate) fn event(report: &EventReport) -> Counts {
    let mut counts = Counts::new();
    let of = report.event.as_str();
    counts.insert(name(&[&of, &"installs"]), report.installs);
    counts.insert(name(&[&of, &"events"]), report.events);
    counts.insert(name(&[&of, &"ephemeral"]), report.ephemeral);
    activity(&mut counts, of, &report.activity);
    for Cohort { first, size, later } in &report.retention {
        counts.insert(name(&[&of, &"week", first, &"new"]), *size);
        for (index, count) in later.iter().enumerate() {
            counts.insert(name(&[&of, &"cohort", first, &index]), *count);
        }
    }
    for field in &report.fields {
        fields(&mut counts, of, field, report);
    }
    if let Some(cross) = &report.cross {
        for (row, cells) in cross.cells.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                counts.insert(name(&[&of, &"cross", &row, &column]), *cell);
            }
        }
        for (path, labels, sums) in
            [(&cross.row_path, &cross.rows, &cross.row_sums), (&cross.column_path, &cross.columns, &cross.column_sums)]
        {
            for (label, sum) in labels.iter().zip(sums) {
                let known = counts.insert(value(of, path, label.as_deref()), *sum);
                assert_eq!(known, Some(*sum), "{path} {label:?}");
            }
        }
    }
    counts
}

pub(crate) fn value(of: &str, path: &str, label: Option<&str>) -> String {
    match label {
        Some(label) => name(&[&of, &path, &"=", &label]),
        None => name(&[&of, &path, &"absent"]),
    }
}

pub(crate) fn bars(values: &Values) -> Vec<Bar> {
    let bar = |label: &str, count: &Count| Bar { label: label.to_owned(), count: *count };
    match values {
        Values::Share { yes, no } => vec![bar("true", yes), bar("false", no)],
        Values::Words { bars } | Values::Sets { bars } | Values::Ranges { bars } | Values::Versions { bars, .. } => {
            bars.clone()
        }
        Values::Items { lengths, .. } => lengths.clone(),
    }
}

fn fields(counts: &mut Counts, of: &str, field: &FieldReport, report: &EventReport) {
    let path = field.path.as_str();
    counts.insert(name(&[&of, &path, &"sent"]), field.sent);
    counts.insert(name(&[&of, &path, &"absent"]), field.absent);
    counts.insert(name(&[&of, &path, &"without"]), field.without);
    for bar in bars(&field.values) {
        counts.insert(value(of, path, Some(&bar.label)), bar.count);
    }
    match &field.values {
        Values::Versions { bars, weeks } => {
            for (active, week) in report.activity.weeks.iter().zip(weeks) {
                for (bar, count) in bars.iter().zip(week) {
                    counts.insert(name(&[&of, &path, &active.first, &bar.label]), *count);
                }
            }
        }
        Values::Items { within, .. } => {
            for within in within {
                for bar in &within.bars {
                    counts.insert(name(&[&of, &path, &"in", &within.path, &bar.label]), bar.count);
                }
            }
        }
        _ => {}
    }
}

/// The counts of the overview. Those of events have the same names as in their reports.
pub(crate) fn overview(report: &Overview) -> Counts {
    let mut counts = Counts::new();
    activity(&mut counts, "any", &report.activity);
    for summary in &report.events {
        counts.insert(name(&[&summary.event, &"installs"]), summary.installs);
        counts.insert(name(&[&summary.event, &"events"]), summary.events);
    }
    counts
}

/// The relations of a report.
pub(crate) fn relate_event(solver: &mut Solver, report: &EventReport, knows: Knows) {
    let of = report.event.as_str();
    let all = name(&[&of, &"installs"]);
    relate_activity(solver, of, &report.activity, knows, knows.is_alone);
    let days: Vec<String> = report.activity.days.iter().map(|day| name(&[&of, &"day", &day.first, &"all"])).collect();
    let weeks: Vec<String> =
        report.activity.weeks.iter().map(|week| name(&[&of, &"week", &week.first, &"all"])).collect();
    let events = vec![name(&[&of, &"events"])];
    let months: Vec<String> =
        report.activity.months.iter().map(|month| name(&[&of, &"month", &month.first, &"all"])).collect();
    for first in [&vec![all.clone()], &days, &weeks, &months] {
        let sent = [first.clone(), vec![name(&[&of, &"ephemeral"])]].concat();
        // How many events came again from an installation: at all, on the same day, in the same week or month.
        solver.differ(&events, &sent);
        if knows.is_once {
            solver.relate(&sent, Equal, &events);
        }
    }
    for level in [&days, &weeks] {
        if knows.is_once {
            solver.relate(std::slice::from_ref(&all), Equal, level);
        }
        solver.relate(std::slice::from_ref(&all), AtMost, level);
        level.iter().for_each(|one| solver.differ(std::slice::from_ref(&all), std::slice::from_ref(one)));
    }
    relate_cohorts(solver, of, report, knows);
    for field in &report.fields {
        relate_field(solver, of, field, report, knows);
    }
    if of == "run" {
        relate_releases(solver, of);
        if knows.is_once {
            let weeks = report.activity.weeks.iter().map(|week| name(&[&of, &"week", &week.first, &"0.2.0"]));
            solver.relate(&weeks.collect::<Vec<_>>(), Equal, &[name(&[&of, &"flags", &"sent"])]);
        }
    }
    if let Some(cross) = &report.cross {
        for (row, label) in cross.rows.iter().enumerate() {
            let cells: Vec<String> = (0..cross.columns.len()).map(|at| name(&[&of, &"cross", &row, &at])).collect();
            solver.relate(&cells, Equal, &[value(of, &cross.row_path, label.as_deref())]);
        }
        for (column, label) in cross.columns.iter().enumerate() {
            let cells: Vec<String> = (0..cross.rows.len()).map(|at| name(&[&of, &"cross", &at, &column])).collect();
            solver.relate(&cells, Equal, &[value(of, &cross.column_path, label.as_deref())]);
        }
    }
}

pub(crate) fn relate_activity(solver: &mut Solver, of: &str, activity: &Activity, knows: Knows, is_new_once: bool) {
    for (level, all) in [("day", &activity.days), ("week", &activity.weeks), ("month", &activity.months)] {
        for active in all {
            let one = |what: &str| name(&[&of, &level, &active.first, &what]);
            solver.relate(&[one("new"), one("returning")], Equal, &[one("all")]);
            let versions: Vec<String> = active.versions.iter().map(|bar| one(&bar.label)).collect();
            if !versions.is_empty() {
                solver.relate(&versions, Equal, &[one("all")]);
            }
            let end = match level {
                "day" => continue,
                "week" => Day(active.first.0 + 7),
                _ => month(active.first).1,
            };
            if activity.days.is_empty() {
                relate_overlaps(solver, of, (level, active, end), activity, knows, is_new_once);
                continue;
            }
            let within = || activity.days.iter().filter(|day| (active.first..end).contains(&day.first));
            for day in within() {
                solver.differ(&[one("all")], &[name(&[&of, &"day", &day.first, &"all"])]);
            }
            for what in
                ["all", "new", "returning"].into_iter().chain(active.versions.iter().map(|bar| bar.label.as_str()))
            {
                let days: Vec<String> = within().map(|day| name(&[&of, &"day", &day.first, &what])).collect();
                if knows.is_once || (what == "new" && is_new_once) {
                    solver.relate(&days, Equal, &[one(what)]);
                } else if what == "all" {
                    solver.relate(&[one(what)], AtMost, &days);
                    days.iter().for_each(|day| solver.relate(std::slice::from_ref(day), AtMost, &[one(what)]));
                } else if what == "new" {
                    solver.relate(&days, AtMost, &[one(what)]);
                }
            }
            if level == "month" {
                let overlapping =
                    activity.weeks.iter().filter(|week| week.first < end && week.first.0 + 7 > active.first.0);
                let weeks: Vec<String> = overlapping.map(|week| name(&[&of, &"week", &week.first, &"all"])).collect();
                solver.relate(&[one("all")], AtMost, &weeks);
            }
        }
    }
}

/// The days that a week and a month have in common take the place of days that are not told.
fn relate_overlaps(
    solver: &mut Solver,
    of: &str,
    (level, active, end): (&str, &Active, Day),
    activity: &Activity,
    knows: Knows,
    is_new_once: bool,
) {
    let one = |what: &str| name(&[&of, &level, &active.first, &what]);
    for what in ["all", "new", "returning"] {
        if knows.is_once || (what == "new" && is_new_once) {
            let overlaps: Vec<String> =
                overlaps(active.first, end).iter().map(|first| name(&[&of, &"overlap", first, &what])).collect();
            solver.relate(&overlaps, Equal, &[one(what)]);
        }
    }
    if level != "month" {
        return;
    }
    let of_week = |week: &Active| name(&[&of, &"week", &week.first, &"all"]);
    let around = activity.weeks.iter().filter(|week| week.first < end && week.first.0 + 7 > active.first.0);
    let around: Vec<&Active> = around.collect();
    // The first weeks can be missing.
    if around.first().is_some_and(|week| week.first <= active.first || activity.weeks[0].first == week.first) {
        let sum: Vec<String> = around.iter().map(|week| of_week(week)).collect();
        solver.differ(&sum, &[one("all")]);
    }
    for week in around.iter().filter(|week| active.first <= week.first && week.first.0 + 7 <= end.0) {
        solver.differ(&[one("all")], &[of_week(week)]);
    }
}

/// The first days of what weeks and months have in common, from a first day of one of them.
pub(crate) fn overlaps(first: Day, end: Day) -> Vec<Day> {
    let is_first = |day: &Day| *day == first || monday(*day) == *day || month(*day).0 == *day;
    (first.0..end.0).map(Day).filter(is_first).collect()
}

fn relate_cohorts(solver: &mut Solver, of: &str, report: &EventReport, knows: Knows) {
    let weeks = &report.activity.weeks;
    let news: Vec<String> = weeks.iter().map(|week| name(&[&of, &"week", &week.first, &"new"])).collect();
    let all = [name(&[&of, &"installs"])];
    solver.relate(&news, if knows.is_alone { Equal } else { AtMost }, &all);
    for (at, week) in weeks.iter().enumerate().filter(|(_, week)| week.is_complete) {
        let cell = |(index, cohort): (usize, &Cohort)| name(&[&of, &"cohort", &cohort.first, &(at - index - 1)]);
        let cells: Vec<String> = report.retention.iter().enumerate().take(at).map(cell).collect();
        let returning = [name(&[&of, &"week", &week.first, &"returning"])];
        solver.relate(&cells, if knows.is_alone { Equal } else { AtMost }, &returning);
        for (cell, size) in cells.iter().zip(&news) {
            solver.differ(std::slice::from_ref(size), std::slice::from_ref(cell));
        }
    }
}

/// Says of what all installations are the sum, and gives the name of how many sent a field.
pub(crate) fn relate_sums(solver: &mut Solver, of: &str, path: &str, installs: String) -> String {
    let [sent, absent, without] = ["sent", "absent", "without"].map(|what| name(&[&of, &path, &what]));
    // Also those with the release, and those who sent none of it, are numbers of installations.
    solver.differ(std::slice::from_ref(&installs), std::slice::from_ref(&without));
    solver.differ(std::slice::from_ref(&installs), std::slice::from_ref(&sent));
    solver.relate(&[sent.clone(), absent, without], Equal, &[installs]);
    sent
}

fn relate_field(solver: &mut Solver, of: &str, field: &FieldReport, report: &EventReport, knows: Knows) {
    let path = field.path.as_str();
    let sent = relate_sums(solver, of, path, name(&[&of, &"installs"]));
    let values: Vec<String> = bars(&field.values).iter().map(|bar| value(of, path, Some(&bar.label))).collect();
    if values.is_empty() {
        return;
    }
    if matches!(field.values, Values::Sets { .. }) {
        values.iter().for_each(|one| solver.differ(std::slice::from_ref(&sent), std::slice::from_ref(one)));
    } else {
        solver.relate(&values, Equal, std::slice::from_ref(&sent));
    }
    match &field.values {
        Values::Versions { bars, weeks } => {
            for (active, _) in report.activity.weeks.iter().zip(weeks) {
                let row: Vec<String> = bars.iter().map(|bar| name(&[&of, &path, &active.first, &bar.label])).collect();
                solver.relate(&row, AtMost, &[name(&[&of, &"week", &active.first, &"all"])]);
            }
            for bar in bars {
                let cell = |active: &Active| name(&[&of, &path, &active.first, &bar.label]);
                let column: Vec<String> = report.activity.weeks.iter().map(cell).collect();
                let bar = [value(of, path, Some(&bar.label))];
                solver.relate(&bar, if knows.is_once { Equal } else { AtMost }, &column);
                // Whose last week is the last one has the version of that week now.
                solver.relate(column.last().into_iter().cloned().collect::<Vec<_>>().as_slice(), AtMost, &bar);
            }
        }
        Values::Items { within, .. } => {
            // Whose list is not empty has an item with some value at each of these paths.
            let some = &values[1..];
            for within in within {
                let one = |bar: &Bar| name(&[&of, &path, &"in", &within.path, &bar.label]);
                let all: Vec<String> = within.bars.iter().map(one).collect();
                solver.differ(&all, some);
                all.iter().for_each(|one| solver.differ(some, std::slice::from_ref(one)));
            }
        }
        _ => {}
    }
}

/// What the schemas of the fixture say of `run`: which fields are sent together, and by which release.
pub(crate) fn relate_releases(solver: &mut Solver, of: &str) {
    let sent = |path: &str| [name(&[&of, &path, &"sent"])];
    solver.relate(&sent("flags"), Equal, &sent("steps"));
    solver.differ(&sent("flags"), &sent("wait"));
    solver.differ(&[name(&[&of, &"flags", &"without"])], &sent("wait:integer"));
    // Which fields each release has is in the schemas.
    for path in ["by_hand", "command", "compiler"] {
        solver.relate(&[name(&[&of, &path, &"without"])], Equal, &[]);
    }
    for path in ["steps", "wait", "mode.kind", "mode<local>.sandbox", "mode<remote>.tls"] {
        solver.relate(&[name(&[&of, &path, &"without"])], Equal, &[name(&[&of, &"flags", &"without"])]);
    }
    solver.relate(&[name(&[&of, &"wait:integer", &"without"])], Equal, &sent("flags"));
    for path in ["by_hand", "flags", "steps"] {
        solver.relate(&[name(&[&of, &path, &"absent"])], Equal, &[]);
    }
    solver.differ(&sent("flags"), &sent("mode.kind"));
    solver.relate(&sent("mode<local>.sandbox"), Equal, &[value(of, "mode.kind", Some("local"))]);
    solver.relate(&sent("mode<remote>.tls"), Equal, &[value(of, "mode.kind", Some("remote"))]);
}

/// The relations between all events and each.
pub(crate) fn relate_overview(solver: &mut Solver, report: &Overview, events: &[&EventReport], knows: Knows) {
    relate_activity(solver, "any", &report.activity, knows, true);
    type Level = fn(&Activity) -> &Vec<Active>;
    let levels: [(&str, Level); 3] =
        [("day", |all| &all.days), ("week", |all| &all.weeks), ("month", |all| &all.months)];
    for (level, of) in levels {
        for active in of(&report.activity) {
            for what in ["all", "new", "returning"] {
                let one = |event: &str| name(&[&event, &level, &active.first, &what]);
                let with =
                    events.iter().filter(|event| of(&event.activity).iter().any(|own| own.first == active.first));
                let own: Vec<String> = with.map(|event| one(&event.event)).collect();
                solver.differ(&own, &[one("any")]);
                own.iter().for_each(|own| solver.differ(&[one("any")], std::slice::from_ref(own)));
            }
        }
    }
}

/// Adds up the true counts of versions that are shown as one.
pub(crate) fn fold(truth: &mut HashMap<String, u64>, reports: &[EventReport]) {
    for report in reports {
        let of = report.event.as_str();
        for field in &report.fields {
            let Values::Versions { bars, .. } = &field.values else { continue };
            if !bars.iter().any(|bar| bar.label == "other") {
                continue;
            }
            let weeks = report.activity.weeks.iter().map(|week| name(&[&of, &field.path, &week.first, &""]));
            for prefix in weeks.chain([name(&[&of, &field.path, &"=", &""])]) {
                let is_shown = |label: &str| bars.iter().any(|bar| bar.label == label);
                let own = truth.iter().filter_map(|(name, count)| Some((name.strip_prefix(&prefix)?, *count)));
                let sum = own.filter(|(label, _)| !is_shown(label)).map(|(_, count)| count).sum();
                truth.insert(format!("{prefix}other"), sum);
            }
        }
    }
}
