//! The numbers are those of the rows.

use proptest::prelude::*;
use telemetry_collector::arrival::{Arrival, Day, EventId, Fate};
use telemetry_collector::ask::report::{Active, Bar, Count, EventReport, FieldReport, Values};
use telemetry_collector::store::Retained;

use super::fixture::{Asked, TODAY};
use super::naive::{Naive, Row, bucket, monday, month};

pub(crate) fn n(count: usize) -> Count {
    Count::Shown(u64::try_from(count).unwrap())
}

pub(crate) fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    let shape = (0_u8..5, any::<bool>(), 0_u8..5, 0..45_i32, 0_u8..8, any::<bool>());
    let command = proptest::option::of(proptest::sample::select(vec!["build", "test", "check", "other"]));
    let compiler = proptest::option::of(proptest::sample::select(vec!["1.80", "1.80.0", "1.90.1", "2"]));
    let flags = proptest::collection::vec(proptest::sample::select(vec!["fast", "quiet"]), 0..3);
    let steps = proptest::collection::vec((proptest::sample::select(vec!["compile", "link"]), any::<bool>()), 0..3);
    let wait = proptest::option::of(0_u32..1_000);
    let mode = proptest::option::of((proptest::sample::select(vec!["local", "remote"]), any::<bool>()));
    let row = (shape, wait, command, compiler, flags, steps, mode).prop_map(
        |(shape, wait, command, compiler, flags, steps, mode)| {
            let (event, is_wider, install, age, ephemeral, by_hand) = shape;
            let event = if event == 0 { "started" } else { "run" };
            Row {
                event,
                is_wider,
                install,
                age,
                is_ephemeral: ephemeral == 0,
                by_hand,
                wait,
                command,
                compiler,
                flags,
                steps,
                mode,
            }
        },
    );
    proptest::collection::vec(row, 0..most)
}

fn queries() -> impl Strategy<Value = String> {
    let condition = proptest::sample::select(vec![
        "where=by_hand:true",
        "where=command:build",
        "where=command:",
        "where=wait:10-99",
        "where=compiler:1.80.0",
        "where=command:check&where=by_hand:false",
    ]);
    let part = prop_oneof![
        Just(String::new()),
        proptest::sample::select(vec!["version=0.1.0", "version=0.2.0"]).prop_map(str::to_owned),
        (0..45).prop_map(|age| format!("from={}", Day(TODAY.0 - age))),
        (0..45).prop_map(|age| format!("until={}", Day(TODAY.0 - age))),
        (0..45, 0..45).prop_map(|(from, length)| {
            let from = Day(TODAY.0 - from);
            format!("from={from}&until={}", Day(from.0 + length))
        }),
    ];
    (part, proptest::option::of(condition))
        .prop_map(|(part, condition)| format!("{part}&{}&rows=by_hand&columns=command", condition.unwrap_or_default()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_number_is_that_of_the_rows(rows in rows(40), queries in proptest::collection::vec(queries(), 4)) {
        let asked = Asked::new();
        asked.write(rows.iter().map(|row| row.arrival(&asked)).collect());
        for query in ["", "rows=command&columns=by_hand"].into_iter().map(str::to_owned).chain(queries) {
            compare(&asked.ask(query.trim_matches('&'), 0).unwrap(), &Naive::new("run", &rows, query.trim_matches('&')));
        }
        compare_overview(&asked, &rows);
    }
}

fn compare(report: &EventReport, naive: &Naive<'_>) {
    assert_eq!((report.events, report.ephemeral), (n(naive.events()), n(naive.ephemeral())));
    let latest = naive.latest();
    assert_eq!(report.installs, n(latest.len()));
    for field in &report.fields {
        compare_field(field, &latest, report, naive);
    }
    compare_periods(report, naive);
    compare_cohorts(report, naive);
    if let Some(cross) = &report.cross {
        let is_swapped = cross.row_path == "command";
        for (row, label) in cross.rows.iter().enumerate() {
            for (column, other) in cross.columns.iter().enumerate() {
                let (by_hand, command) = if is_swapped { (other, label) } else { (label, other) };
                let both = latest.iter().filter(|row| {
                    by_hand.as_deref() == Some(if row.by_hand { "true" } else { "false" })
                        && row.command() == command.as_deref()
                });
                assert_eq!(cross.cells[row][column], n(both.count()), "{label:?} {other:?}");
            }
        }
    }
}

fn compare_field(field: &FieldReport, latest: &[&Row], report: &EventReport, naive: &Naive<'_>) {
    let count = |is_in: &dyn Fn(&Row) -> bool| n(latest.iter().filter(|row| is_in(row)).count());
    let bars = |bars: &[Bar], has: &dyn Fn(&Row, &str) -> bool| {
        for bar in bars {
            assert_eq!(bar.count, count(&|row| has(row, &bar.label)), "{} {}", field.path, bar.label);
        }
    };
    let sent = match field.path.as_str() {
        "by_hand" => count(&|_| true),
        "wait" => count(&|row| row.is_wider && row.wait.is_some()),
        "wait:integer" => count(&|row| !row.is_wider && row.wait.is_some()),
        "command" => count(&|row| row.command.is_some()),
        "compiler" => count(&|row| row.compiler.is_some()),
        "flags" | "steps" => count(&|row| row.is_wider),
        "mode.kind" => count(&|row| row.is_wider && row.mode.is_some()),
        "mode<local>.sandbox" => count(&|row| row.mode("local").is_some()),
        "mode<remote>.tls" => count(&|row| row.mode("remote").is_some()),
        path => panic!("{path}"),
    };
    assert_eq!(field.sent, sent, "{}", field.path);
    // Those whose release does not have the field did not leave it out.
    let without = match field.path.as_str() {
        "by_hand" | "command" | "compiler" => n(0),
        "wait:integer" => count(&|row| row.is_wider),
        _ => count(&|row| !row.is_wider),
    };
    assert_eq!(field.without, without, "{}", field.path);
    let (Count::Shown(sent), Count::Shown(absent), Count::Shown(without)) = (field.sent, field.absent, without) else {
        panic!("hidden")
    };
    assert_eq!(usize::try_from(sent + absent + without).unwrap(), latest.len());
    match (&field.values, field.path.as_str()) {
        (Values::Share { yes, no }, path) if path.starts_with("mode") => {
            let kind = if path == "mode<local>.sandbox" { "local" } else { "remote" };
            let with = |value| count(&|row| row.mode(kind) == Some(value));
            assert_eq!((*yes, *no), (with(true), with(false)));
        }
        (Values::Words { bars: own }, "mode.kind") => bars(own, &|row, label| row.mode(label).is_some()),
        (Values::Share { yes, no }, _) => {
            assert_eq!((*yes, *no), (count(&|row| row.by_hand), count(&|row| !row.by_hand)));
        }
        (Values::Ranges { bars: own }, "wait") => {
            bars(own, &|row, label| row.is_wider && row.wait.is_some_and(|wait| bucket(wait) == label));
        }
        (Values::Ranges { bars: own }, _) => bars(own, &|row, label| {
            let (low, high) = label.split_once('-').unwrap_or((label, label));
            let range = low.parse::<u32>().unwrap()..=high.parse().unwrap();
            !row.is_wider && row.wait.is_some_and(|wait| range.contains(&wait))
        }),
        (Values::Words { bars: own }, _) => {
            assert_eq!(
                own.iter().map(|bar| bar.label.as_str()).collect::<Vec<_>>(),
                ["check", "build", "test", "other"]
            );
            bars(own, &|row, label| row.command() == Some(label));
        }
        (Values::Versions { bars: own, weeks }, _) => {
            bars(own, &|row, label| row.compiler == Some(label));
            assert_eq!(weeks.len(), report.activity.weeks.len());
            for (week, counts) in report.activity.weeks.iter().zip(weeks) {
                let last = naive.last_within(week.first, Day(week.first.0 + 7));
                let total: usize = last.iter().filter(|row| row.compiler.is_some()).count();
                let mut sum = 0;
                for (bar, found) in own.iter().zip(counts) {
                    let own = last.iter().filter(|row| row.compiler == Some(bar.label.as_str())).count();
                    assert_eq!(*found, n(own));
                    sum += own;
                }
                assert_eq!(sum, total);
            }
        }
        (Values::Sets { bars: own }, _) => bars(own, &|row, label| row.is_wider && row.flags.contains(&label)),
        (Values::Items { lengths, within, .. }, _) => {
            bars(lengths, &|row, label| row.is_wider && row.steps.len().to_string() == label);
            bars(&within[0].bars, &|row, label| row.is_wider && row.steps.iter().any(|(name, _)| *name == label));
            bars(&within[1].bars, &|row, label| {
                row.is_wider && row.steps.iter().any(|(_, cached)| cached.to_string() == label)
            });
        }
    }
}

fn compare_periods(report: &EventReport, naive: &Naive<'_>) {
    let check = |active: &Active, end: Day| {
        let ids = naive.active_within(active.first, end);
        let new = naive.new_within(active.first, end).len();
        assert_eq!(active.installs, n(ids.len()));
        assert_eq!((active.new, active.returning), (Some(n(new)), Some(n(ids.len() - new))));
        let last = naive.last_within(active.first, end);
        for bar in &active.versions {
            assert_eq!(bar.count, n(last.iter().filter(|row| row.version() == bar.label).count()));
        }
        assert_eq!(active.versions.len(), 2);
    };
    let activity = &report.activity;
    activity.days.iter().for_each(|day| check(day, Day(day.first.0 + 1)));
    activity.weeks.iter().for_each(|week| check(week, Day(week.first.0 + 7)));
    activity.months.iter().for_each(|at| check(at, month(at.first).1));
    // The periods follow each other up to the last day.
    let firsts = |level: &[Active]| level.iter().map(|active| active.first).collect::<Vec<_>>();
    let days: Vec<Day> = (report.since.0..=report.until.0).map(Day).collect();
    assert_eq!(firsts(&activity.days), days);
    let unique = |mut firsts: Vec<Day>| {
        firsts.dedup();
        firsts
    };
    assert_eq!(firsts(&activity.weeks), unique(days.iter().map(|day| monday(*day)).collect()));
    assert_eq!(firsts(&activity.months), unique(days.iter().map(|day| month(*day).0).collect()));
}

fn compare_cohorts(report: &EventReport, naive: &Naive<'_>) {
    let weeks = &report.activity.weeks;
    assert_eq!(report.retention.len(), weeks.len());
    for (index, cohort) in report.retention.iter().enumerate() {
        let members = naive.new_within(cohort.first, Day(cohort.first.0 + 7));
        assert_eq!((cohort.first, cohort.size), (weeks[index].first, n(members.len())));
        let later: Vec<Count> = weeks[index + 1..]
            .iter()
            .filter(|week| week.is_complete)
            .map(|week| n(naive.active_within(week.first, Day(week.first.0 + 7)).intersection(&members).count()))
            .collect();
        assert_eq!(cohort.later, later);
    }
}

fn compare_overview(asked: &Asked, rows: &[Row]) {
    let overview = asked.overview(0);
    for summary in &overview.events {
        let naive = Naive::new(&summary.event, rows, "");
        assert_eq!((summary.events, summary.installs), (n(naive.events()), n(naive.latest().len())));
    }
    for (level, days) in [(&overview.activity.days, 1), (&overview.activity.weeks, 7)] {
        for active in level {
            let ids = |event| Naive::new(event, rows, "").active_within(active.first, Day(active.first.0 + days));
            let ids = &ids("run") | &ids("started");
            let new = ids.iter().filter(|id| {
                (active.first..Day(active.first.0 + days)).contains(&Naive::new("run", rows, "").first_day(**id))
            });
            assert_eq!((active.installs, active.new), (n(ids.len()), Some(n(new.count()))));
            assert_eq!(active.versions, []);
        }
    }
}

pub(crate) fn row(install: u8, age: i32) -> Row {
    Row {
        event: "run",
        is_wider: true,
        install,
        age,
        is_ephemeral: false,
        by_hand: true,
        wait: Some(5),
        command: Some("test"),
        compiler: Some("1.90.1"),
        flags: vec!["fast"],
        steps: Vec::new(),
        mode: None,
    }
}

#[test]
fn repeated_events_and_deleted_installations_do_not_count() {
    let asked = Asked::new();
    let rows: Vec<Row> = (0..4).map(|install| row(install, i32::from(install) * 9)).collect();
    asked.write(rows.iter().map(|row| row.arrival(&asked)).collect());
    let last = Row { by_hand: false, ..row(0, 0) };
    let first = last.arrival(&asked);
    let Arrival::Event { schema, cells, envelope } = &first else { panic!("no event") };
    let again = Arrival::Event { envelope: *envelope, schema: schema.clone(), cells: cells.clone() };
    assert_eq!(asked.write(vec![first, again]), [Fate::Stored, Fate::Duplicate]);
    let report = asked.ask("", 0).unwrap();
    assert_eq!((report.events, report.installs), (n(5), n(4)));
    assert_eq!(report.fields[0].values, Values::Share { yes: n(3), no: n(1) });

    let deletion = Arrival::Deletion { id: EventId([9; 16], 1), anonymous_id: asked.envelope(3, TODAY).anonymous_id };
    assert_eq!(asked.write(vec![deletion]), [Fate::Deleted]);
    let rows = [&rows[..3], &[last]].concat();
    for query in ["", "where=by_hand:true"] {
        compare(&asked.ask(query, 0).unwrap(), &Naive::new("run", &rows, query));
    }
    compare_overview(&asked, &rows);
}

#[test]
fn a_retention_that_deletes_nothing_is_not_told() {
    let asked = Asked::new();
    asked.write([(0, 9), (1, 3)].map(|(install, age)| row(install, age).arrival(&asked)).into());
    // Nor does a clock that is wrong leave anything behind.
    for clock in [TODAY, Day(0), TODAY] {
        assert_eq!(asked.both.retain(clock, 30), Retained::default());
    }
    let (from, first) = (Day(TODAY.0 - 60), Day(TODAY.0 - 9));
    let days = [asked.ask("", 0), asked.ask(&format!("from={from}"), 0)].map(|report| report.unwrap().counted_since);
    assert_eq!((days, asked.overview(0).counted_since), ([first, from], first));
}

#[test]
fn totals_outlive_the_rows() {
    let asked = Asked::new();
    // 80 days ago was a Tuesday.
    let rows: Vec<Row> =
        [(0, 80), (1, 79), (0, 78), (1, 60), (2, 45), (0, 20), (1, 3)].map(|(install, age)| row(install, age)).to_vec();
    asked.write(rows.iter().map(|row| row.arrival(&asked)).collect());
    let before = asked.ask("", 0).unwrap();
    asked.both.retain(TODAY, 40);
    let after = asked.ask("", 0).unwrap();
    assert_eq!((after.since, after.events, after.installs), (before.since, n(2), n(2)));
    // The numbers of before are of all days, and those of after say from which day they are.
    let kept = Day(TODAY.0 - 44);
    assert_eq!(
        (before.counted_since, after.counted_since, asked.overview(0).counted_since),
        (before.since, kept, kept)
    );
    let later = Day(kept.0 + 5);
    assert_eq!(asked.ask(&format!("from={later}"), 0).unwrap().counted_since, later);
    // None of the rows of these days are there.
    let gone = asked.ask(&format!("from={}&until={}", Day(TODAY.0 - 80), Day(TODAY.0 - 60)), 0).unwrap();
    assert_eq!((gone.events, gone.counted_since, gone.activity.days[0].installs), (n(0), kept, n(1)));
    // Nothing was deleted of the days before the first event.
    let never = asked.ask(&format!("from={}&until={}", Day(TODAY.0 - 100), Day(TODAY.0 - 90)), 0).unwrap();
    assert_eq!((never.events, never.counted_since), (n(0), Day(TODAY.0 - 100)));
    for (level, old) in [(&after.activity.days, &before.activity.days), (&after.activity.weeks, &before.activity.weeks)]
    {
        for active in level {
            let old = old.iter().find(|old| old.first == active.first).unwrap();
            assert_eq!((active.installs, active.is_complete), (old.installs, old.is_complete), "{}", active.first);
            let is_deleted = active.first < kept;
            assert_eq!(
                (active.new, active.returning),
                if is_deleted { (None, None) } else { (old.new, old.returning) }
            );
        }
    }
    assert!(after.retention.iter().all(|cohort| cohort.first >= Day(TODAY.0 - 40)));
    // Nobody knows which of them had this value.
    let by_hand = asked.ask("where=by_hand:true", 0).unwrap();
    assert!(by_hand.activity.days.iter().all(|day| day.first >= Day(TODAY.0 - 40)));
    let overview = asked.overview(0);
    assert_eq!(
        overview.activity.weeks.iter().map(|week| week.installs).collect::<Vec<_>>(),
        after.activity.weeks.iter().map(|week| week.installs).collect::<Vec<_>>()
    );
}

#[test]
fn an_event_that_nobody_sent_has_zeros_and_one_that_is_not_known_no_report() {
    let asked = Asked::new();
    let report = asked.ask("", 0).unwrap();
    assert_eq!((report.events, report.installs, report.activity.days.len()), (n(0), n(0), 1));
    assert_eq!(report.fields[0].values, Values::Share { yes: n(0), no: n(0) });
    assert_eq!(report.fields[0].purpose, "Whether a person did it.");
    let paths: Vec<&str> = report.choices.iter().map(|choice| choice.path.as_str()).collect();
    assert_eq!(
        paths,
        ["version", "by_hand", "wait", "command", "compiler", "mode.kind", "mode<local>.sandbox", "mode<remote>.tls"]
    );
    let none = telemetry_collector::ask::event(
        &asked.reader(),
        &asked.schemas.known,
        "no such event",
        &telemetry_collector::ask::Filter::default(),
        TODAY,
        0,
    );
    assert!(none.unwrap().is_none());
}
