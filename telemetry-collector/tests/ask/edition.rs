//! What is published of the weeks that are complete.

use std::ops::Range;

use telemetry::TelemetrySnapshot as _;
use telemetry::schema::Released;
use telemetry_collector::arrival::Day;
use telemetry_collector::ask::report::{Count, Values};
use telemetry_collector::check::Known;

use super::fixture::{Asked, TODAY, WiderRun, write};
use super::naive::{Naive, Row};
use super::truth::{n, row};

/// Events of the last 80 days, of a few installations that are active on some days each.
fn rows() -> Vec<Row> {
    let row = |number: i32| {
        let install = u8::try_from(number * 7 % 11).unwrap();
        Row { is_wider: number % 3 > 0, by_hand: number % 5 > 1, ..row(install, number % 80) }
    };
    (0..160).map(row).collect()
}

/// The first day of the edition whose week ends on 2026-11-15.
const FIRST: Day = Day(TODAY.0 - 4);

#[test]
fn what_is_published_is_the_same_on_each_day_of_a_week() {
    for retention in [30, 60, 365] {
        let asked = Asked::new();
        asked.write(rows().iter().map(|row| row.arrival(&asked)).collect());
        let first = asked.published(FIRST, retention, 2);
        assert_eq!(first.overview.until, Day(FIRST.0 - 8));
        let weeks =
            first.overview.activity.weeks.iter().chain(first.events.iter().flat_map(|event| &event.activity.weeks));
        assert!(
            weeks.clone().count() > 10 && weeks.clone().all(|week| week.is_complete && week.first <= Day(FIRST.0 - 14))
        );
        // What is hidden of the new ones depends on 12 weeks of older cohorts.
        for week in weeks.clone().filter(|week| week.installs != n(0)) {
            assert_eq!([week.new, week.returning].map(|count| count.is_some()), [retention == 365; 2], "{week:?}");
        }
        for day in FIRST.0..FIRST.0 + 7 {
            // Rows are deleted, and others come.
            asked.both.retain(Day(day), retention);
            asked.write((0..9).map(|install| row(install * 20, TODAY.0 - day).arrival(&asked)).collect());
            assert_eq!(asked.published(Day(day), retention, 2), first, "{retention} {day}");
        }
        let next = asked.published(Day(FIRST.0 + 7), retention, 2);
        assert_eq!(next.overview.until, Day(FIRST.0 - 1));
    }
}

#[test]
fn events_installations_and_fields_are_those_of_the_last_complete_week() {
    let asked = Asked::new();
    let rows = rows();
    asked.write(rows.iter().map(|row| row.arrival(&asked)).collect());
    let published = asked.published(TODAY, 365, 0);
    let report = published.events.iter().find(|event| event.event == "run").unwrap();
    let (first, last) = (Day(FIRST.0 - 14), Day(FIRST.0 - 8));
    let query = format!("from={first}&until={last}");
    let naive = Naive::new("run", &rows, &query);
    assert_eq!((report.counted_since, report.until), (first, last));
    let summary = published.overview.events.iter().find(|event| event.event == "run").unwrap();
    assert_eq!((summary.events, summary.installs), (n(naive.events()), n(naive.latest().len())));
    let week = report.activity.weeks.last().unwrap();
    assert_eq!((report.events, report.installs), (summary.events, week.installs));
    let asked = asked.ask(&query, 0).unwrap();
    let without_weeks = |mut fields: Vec<_>| {
        for field in &mut fields {
            let telemetry_collector::ask::report::FieldReport { values, .. } = field;
            if let Values::Versions { weeks, .. } = values {
                weeks.drain(..weeks.len() - 1);
            }
        }
        fields
    };
    assert_eq!(without_weeks(report.fields.clone()), without_weeks(asked.fields));
    assert!(report.retention.iter().all(|cohort| cohort.later.len() <= 12));
    assert!(report.activity.days.is_empty() && report.activity.months.iter().all(|month| month.is_complete));
}

/// What is hidden of a week must be hidden in each edition, and what is shown must not change, also where the file of a release was removed that had
/// events in this week only.
#[test]
fn versions_of_a_week_are_told_alike_when_the_events_of_a_removed_release_are_older() {
    let home = tempfile::tempdir().unwrap();
    write(home.path(), "run", "0.2.0", "2026-02-01", &Released::of(&WiderRun::SCHEMA));
    let known = Known::read(home.path()).unwrap();
    let asked = Asked::new();
    let of = |is_wider, installs: Range<u8>, age| installs.map(move |install| Row { is_wider, ..row(install, age) });
    let older = of(true, 0..40, 32).chain(of(false, 40..80, 31));
    asked.write(older.chain(of(true, 0..40, 18)).map(|row| row.arrival(&asked)).collect());
    let weeks = |known: &Known, today| {
        let published = asked.both.published(known, today, 365, 5);
        let report = published.events.into_iter().find(|event| event.event == "run").unwrap();
        let field = report.fields.into_iter().find(|field| field.path == "compiler").unwrap();
        let Values::Versions { weeks, .. } = field.values else { panic!() };
        weeks
    };
    let has_shown = |weeks: Vec<Vec<Count>>| weeks.concat().iter().any(|count| matches!(count, Count::Shown(1..)));
    // The week of the older events is that of the earlier edition.
    for today in [Day(FIRST.0 - 14), FIRST] {
        assert!(has_shown(weeks(&asked.schemas.known, today)), "all releases have the field");
        assert_eq!(weeks(&known, today), weeks(&asked.schemas.known, today), "{today}");
    }
}

#[test]
fn a_week_without_its_rows_has_no_fields() {
    let asked = Asked::new();
    asked.write(rows().iter().map(|row| row.arrival(&asked)).collect());
    asked.both.retain(TODAY, 8);
    for least in [0, 2] {
        let published = asked.published(TODAY, 8, least);
        let report = published.events.iter().find(|event| event.event == "run").unwrap();
        assert_eq!(
            (report.events, report.installs, report.fields[0].sent),
            (Count::Hidden, Count::Hidden, Count::Hidden)
        );
        assert_ne!(report.activity.weeks.last().unwrap().installs, Count::Hidden);
    }
}
