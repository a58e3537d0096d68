//! Everything that is published of an event week by week, with the relations that a reader of several editions knows.

use telemetry_collector::ask::Published;
use telemetry_collector::ask::report::{Activity, Bar, Cohort, EventReport, FieldReport, Values};

use super::published::{
    Counts, Knows, activity, bars, name, relate_activity, relate_overview, relate_releases, relate_sums, value,
};
use super::solver::Relation::{AtMost, Equal};
use super::solver::Solver;

/// What is told of the week of an edition only.
fn own(report: &EventReport) -> String {
    name(&[&report.event, &"of", &report.counted_since])
}

/// The counts of an edition. Those of weeks, months and cohorts have the same names in each edition.
pub(crate) fn counts(published: &Published) -> Counts {
    let mut counts = Counts::new();
    activity(&mut counts, "any", &published.overview.activity);
    for (summary, report) in published.overview.events.iter().zip(&published.events) {
        assert_eq!((summary.installs, summary.events), (report.installs, report.events), "{}", report.event);
        let (of, own) = (report.event.as_str(), own(report));
        activity(&mut counts, of, &report.activity);
        counts.insert(name(&[&own, &"events"]), report.events);
        counts.insert(name(&[&own, &"ephemeral"]), report.ephemeral);
        counts.insert(name(&[&own, &"installs"]), report.installs);
        for cohort in &report.retention {
            let size = counts.insert(name(&[&of, &"week", &cohort.first, &"new"]), cohort.size);
            assert_eq!(size, Some(cohort.size), "{of} {}", cohort.first);
            for (index, count) in cohort.later.iter().enumerate() {
                counts.insert(name(&[&of, &"cohort", &cohort.first, &index]), *count);
            }
        }
        for field in &report.fields {
            fields(&mut counts, &own, field, report);
        }
    }
    counts
}

fn fields(counts: &mut Counts, own: &str, field: &FieldReport, report: &EventReport) {
    let path = field.path.as_str();
    counts.insert(name(&[&own, &path, &"sent"]), field.sent);
    counts.insert(name(&[&own, &path, &"absent"]), field.absent);
    counts.insert(name(&[&own, &path, &"without"]), field.without);
    for bar in bars(&field.values) {
        counts.insert(value(own, path, Some(&bar.label)), bar.count);
    }
    match &field.values {
        Values::Versions { bars, weeks } => {
            for (active, week) in report.activity.weeks.iter().zip(weeks) {
                for (bar, count) in bars.iter().zip(week) {
                    counts.insert(name(&[&report.event, &path, &active.first, &bar.label]), *count);
                }
            }
        }
        Values::Items { within, .. } => {
            for within in within {
                for bar in &within.bars {
                    counts.insert(name(&[&own, &path, &"in", &within.path, &bar.label]), bar.count);
                }
            }
        }
        _ => {}
    }
}

/// The relations of an edition.
pub(crate) fn relate(solver: &mut Solver, published: &Published, knows: Knows) {
    for report in &published.events {
        let (of, own) = (report.event.as_str(), own(report));
        relate_activity(solver, of, &report.activity, knows, knows.is_alone);
        let week = name(&[&of, &"week", &report.counted_since, &"all"]);
        let installs = [name(&[&own, &"installs"])];
        solver.relate(&installs, Equal, &[week]);
        let sent = [installs[0].clone(), name(&[&own, &"ephemeral"])];
        let events = [name(&[&own, &"events"])];
        // How many events came again from an installation.
        solver.differ(&events, &sent);
        if knows.is_once {
            solver.relate(&sent, Equal, &events);
        }
        relate_cohorts(solver, of, report, knows);
        for field in &report.fields {
            relate_field(solver, &own, field, report);
        }
        if of == "run" {
            relate_releases(solver, &own);
            let newer = name(&[&of, &"week", &report.counted_since, &"0.2.0"]);
            solver.relate(&[newer], Equal, &[name(&[&own, &"flags", &"sent"])]);
        }
    }
    relate_overview(solver, &published.overview, &published.events.iter().collect::<Vec<_>>(), knows);
}

fn relate_cohorts(solver: &mut Solver, of: &str, report: &EventReport, knows: Knows) {
    let weeks = &report.activity.weeks;
    for (at, week) in weeks.iter().enumerate() {
        let earlier = || report.retention.iter().take(at);
        let cell = |(index, _): (usize, &Cohort)| name(&[&of, &"cohort", &weeks[index].first, &(at - index - 1)]);
        let cells: Vec<String> = earlier().enumerate().map(cell).collect();
        assert!(earlier().all(|cohort| cohort.later.len() < 12), "all cohorts are followed");
        let returning = [name(&[&of, &"week", &week.first, &"returning"])];
        solver.relate(&cells, if knows.is_alone { Equal } else { AtMost }, &returning);
        for (cell, cohort) in cells.iter().zip(earlier()) {
            solver.differ(&[name(&[&of, &"week", &cohort.first, &"new"])], std::slice::from_ref(cell));
        }
    }
}

fn relate_field(solver: &mut Solver, own: &str, field: &FieldReport, report: &EventReport) {
    let path = field.path.as_str();
    let sent = relate_sums(solver, own, path, name(&[&own, &"installs"]));
    let values: Vec<String> = bars(&field.values).iter().map(|bar| value(own, path, Some(&bar.label))).collect();
    match &field.values {
        Values::Sets { .. } => {
            values.iter().for_each(|one| solver.differ(std::slice::from_ref(&sent), std::slice::from_ref(one)))
        }
        // There can be versions that are not told.
        Values::Versions { bars, .. } => {
            solver.relate(&values, AtMost, &[sent]);
            for active in &report.activity.weeks {
                let cell = |bar: &Bar| name(&[&report.event, &path, &active.first, &bar.label]);
                let row: Vec<String> = bars.iter().map(cell).collect();
                solver.relate(&row, AtMost, &[name(&[&report.event, &"week", &active.first, &"all"])]);
                if active.first == report.counted_since {
                    row.iter().zip(&values).for_each(|(cell, bar)| {
                        solver.relate(std::slice::from_ref(cell), Equal, std::slice::from_ref(bar));
                    });
                }
            }
        }
        _ => solver.relate(&values, Equal, &[sent]),
    }
    if let Values::Items { within, .. } = &field.values {
        let some = &values[1..];
        for within in within {
            let one = |bar: &Bar| name(&[&own, &path, &"in", &within.path, &bar.label]);
            let all: Vec<String> = within.bars.iter().map(one).collect();
            solver.differ(&all, some);
            all.iter().for_each(|one| solver.differ(some, std::slice::from_ref(one)));
        }
    }
}

/// Sums over days as they are in what weeks and months have in common, of an activity in which nothing is hidden.
pub(crate) fn add_overlaps(counts: &mut std::collections::HashMap<String, u64>, of: &str, all: &Activity) {
    use telemetry_collector::ask::report::Count::Shown;
    for day in &all.days {
        let (week, month) = (super::naive::monday(day.first), super::naive::month(day.first).0);
        for (what, count) in [("all", Some(day.installs)), ("new", day.new), ("returning", day.returning)] {
            let Some(Shown(count)) = count else { panic!("hidden") };
            *counts.entry(name(&[&of, &"overlap", &week.max(month), &what])).or_default() += count;
        }
    }
}
