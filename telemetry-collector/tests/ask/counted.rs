//! How often a counted event happened is what its rows say, and is not told where small counts are hidden.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use telemetry::schema::Released;
use telemetry::{TelemetryEvent, TelemetrySnapshot};
use telemetry_collector::arrival::{Arrival, Day};
use telemetry_collector::ask::report::{Active, Bar, Count, EventReport, FieldReport, PeriodSum, Sum, Values};
use telemetry_collector::ask::{Filter, FilterError, event};
use telemetry_collector::check::{Known, KnownSchema};

use super::fixture::{Asked, TODAY, write};
use super::naive::{monday, month};

const NAME: &str = "command";

/// The first release was not counted. It had a member of the same name.
#[derive(TelemetrySnapshot)]
struct Plain {
    by_hand: bool,
    #[telemetry(one_of("build", "test"))]
    command: Option<String>,
    #[telemetry(number(max = 9))]
    count: u8,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted)]
#[allow(dead_code, reason = "only its schema is used")]
struct Command {
    by_hand: bool,
    #[telemetry(one_of("build", "test"))]
    command: Option<String>,
    #[telemetry(version)]
    compiler: Option<String>,
    #[telemetry(each(one_of("fast", "quiet"), max = 4))]
    flags: Vec<String>,
    #[telemetry(each(max = 4))]
    steps: Vec<Step>,
}

#[derive(TelemetrySnapshot)]
struct Step {
    cached: bool,
}

#[derive(Clone, Debug)]
struct Row {
    is_counted: bool,
    install: u8,
    age: i32,
    is_ephemeral: bool,
    by_hand: bool,
    command: Option<&'static str>,
    compiler: Option<&'static str>,
    flags: Vec<&'static str>,
    steps: Vec<bool>,
    count: u32,
}

fn row(install: u8, age: i32, count: u32) -> Row {
    Row {
        is_counted: true,
        install,
        age,
        is_ephemeral: false,
        by_hand: true,
        command: Some("build"),
        compiler: None,
        flags: Vec::new(),
        steps: Vec::new(),
        count,
    }
}

impl Row {
    fn day(&self) -> Day {
        Day(TODAY.0 - self.age)
    }

    fn times(&self) -> u64 {
        if self.is_counted { self.count.into() } else { 1 }
    }

    fn compiler(&self) -> Option<&'static str> {
        self.compiler.filter(|_| self.is_counted)
    }

    fn payload(&self) -> String {
        let mut members = vec![format!(r#""by_hand":{}"#, self.by_hand)];
        members.extend(self.command.map(|command| format!(r#""command":"{command}""#)));
        if self.is_counted {
            members.extend(self.compiler.map(|compiler| format!(r#""compiler":"{compiler}""#)));
            members.push(format!(r#""flags":{}"#, json!(self.flags)));
            let steps: Vec<Value> = self.steps.iter().map(|cached| json!({ "cached": cached })).collect();
            members.push(format!(r#""steps":{}"#, json!(steps)));
        }
        members.push(format!(r#""count":{}"#, if self.is_counted { self.count } else { self.count % 10 }));
        format!("{{{}}}", members.join(","))
    }
}

/// A store that knows both releases.
struct Store {
    asked: Asked,
    releases: [Arc<KnownSchema>; 2],
}

impl Store {
    fn with(rows: &[Row]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let add = |version: &str, date: &str, schema: Released| {
            write(home.path(), NAME, version, date, &schema);
            Arc::new(KnownSchema::new(NAME, version, date, schema))
        };
        let releases = [
            add("0.1.0", "2026-01-01", Released::of(&Plain::SCHEMA)),
            add("0.2.0", "2026-02-01", Released::of(&Command::SCHEMA)),
        ];
        let mut asked = Asked::new();
        asked.schemas.known = Known::read(home.path()).unwrap();
        let store = Self { asked, releases };
        store.asked.write(rows.iter().map(|row| store.arrival(row)).collect());
        store
    }

    fn arrival(&self, row: &Row) -> Arrival {
        let install = row.install + if row.is_ephemeral { 100 } else { 0 };
        let mut envelope = self.asked.envelope(install, row.day());
        envelope.is_ephemeral = row.is_ephemeral;
        self.asked.event(&self.releases[usize::from(row.is_counted)], envelope, &row.payload())
    }

    fn ask(&self, query: &str, least: u64) -> EventReport {
        self.asked.ask_of(NAME, query, least).unwrap()
    }
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let shape = (0_u8..4, 0_u8..5, 0..45_i32, 0_u8..6, any::<bool>());
    let word = proptest::option::of(proptest::sample::select(vec!["build", "test"]));
    let compiler = proptest::option::of(proptest::sample::select(vec!["1.80", "1.90.1"]));
    let flags = proptest::collection::vec(proptest::sample::select(vec!["fast", "quiet"]), 0..3);
    let steps = proptest::collection::vec(any::<bool>(), 0..3);
    let count = prop_oneof![1_u32..20, Just(1_000_000)];
    let row =
        (shape, word, compiler, flags, steps, count).prop_map(|(shape, command, compiler, flags, steps, count)| {
            let (release, install, age, ephemeral, by_hand) = shape;
            let (is_counted, is_ephemeral) = (release > 0, ephemeral == 0);
            Row { is_counted, install, age, is_ephemeral, by_hand, command, compiler, flags, steps, count }
        });
    proptest::collection::vec(row, 0..40)
}

/// A query, and the rows that it is about.
type Query = (&'static str, fn(&Row) -> bool);

const QUERIES: [Query; 6] = [
    ("", |_| true),
    ("where=by_hand:true", |row| row.by_hand),
    ("where=command:", |row| row.command.is_none()),
    ("where=command:build&where=by_hand:false", |row| row.command == Some("build") && !row.by_hand),
    ("where=compiler:1.80", |row| row.compiler() == Some("1.80")),
    ("version=0.1.0", |row| !row.is_counted),
];

fn queries() -> impl Strategy<Value = (Query, i32, i32)> {
    (proptest::sample::select(QUERIES.to_vec()), 0..45, 0..45)
}

fn sum<'r>(rows: impl Iterator<Item = &'r Row>) -> Sum {
    let rows: Vec<&Row> = rows.collect();
    let times = |rows: &mut dyn Iterator<Item = &&Row>| rows.map(|row| row.times()).sum();
    let days: BTreeSet<_> = rows.iter().filter(|row| !row.is_ephemeral).map(|row| (row.install, row.age)).collect();
    Sum {
        times: times(&mut rows.iter()),
        ephemeral: times(&mut rows.iter().filter(|row| row.is_ephemeral)),
        install_days: u64::try_from(days.len()).unwrap(),
    }
}

fn compare(report: &EventReport, rows: &[&Row]) {
    let installs: BTreeSet<u8> = rows.iter().filter(|row| !row.is_ephemeral).map(|row| row.install).collect();
    let n = |count: usize| Count::Shown(u64::try_from(count).unwrap());
    assert_eq!((report.events, report.installs), (n(rows.len()), n(installs.len())));
    let sums = report.sums.as_ref().unwrap();
    assert_eq!(sums.all, sum(rows.iter().copied()));
    let check = |periods: &[PeriodSum], of: &[Active], end: &dyn Fn(Day) -> Day| {
        let told: Vec<_> = periods.iter().map(|period| (period.first, period.is_complete)).collect();
        assert_eq!(told, of.iter().map(|active| (active.first, active.is_complete)).collect::<Vec<_>>());
        for period in periods {
            let own = rows.iter().filter(|row| (period.first..end(period.first)).contains(&row.day()));
            assert_eq!(period.sum, sum(own.copied()), "{}", period.first);
        }
    };
    check(&sums.days, &report.activity.days, &|first| Day(first.0 + 1));
    check(&sums.weeks, &report.activity.weeks, &|first| Day(first.0 + 7));
    check(&sums.months, &report.activity.months, &|first| month(first).1);
    assert!(sums.weeks.iter().all(|week| monday(week.first) == week.first));
    let paths: Vec<&str> = report.fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(paths, ["by_hand", "command", "compiler", "flags", "steps"], "the count is no field");
    report.fields.iter().for_each(|field| compare_field(field, rows));
    let cross = report.cross.as_ref().unwrap();
    for (label, cells) in cross.rows.iter().zip(&cross.cells) {
        for (other, cell) in cross.columns.iter().zip(cells) {
            let both = |row: &Row| {
                row.command == label.as_deref() && Some(row.by_hand.to_string().as_str()) == other.as_deref()
            };
            assert_eq!(*cell, times(rows, &both), "{label:?} {other:?}");
        }
    }
}

fn times(rows: &[&Row], is_in: &dyn Fn(&Row) -> bool) -> Count {
    Count::Shown(rows.iter().filter(|row| is_in(row)).map(|row| row.times()).sum())
}

fn compare_field(field: &FieldReport, rows: &[&Row]) {
    let count = |is_in: &dyn Fn(&Row) -> bool| times(rows, is_in);
    let bars = |bars: &[Bar], has: &dyn Fn(&Row, &str) -> bool| {
        assert!(!bars.is_empty() || field.path == "compiler");
        bars.iter().for_each(|bar| assert_eq!(bar.count, count(&|row| has(row, &bar.label)), "{}", bar.label));
    };
    let has: &dyn Fn(&Row) -> bool = match field.path.as_str() {
        "by_hand" => &|_| true,
        "command" => &|row| row.command.is_some(),
        "compiler" => &|row| row.compiler().is_some(),
        _ => &|row| row.is_counted,
    };
    let could = |row: &Row| row.is_counted || ["by_hand", "command"].contains(&field.path.as_str());
    let expected = (count(has), count(&|row| could(row) && !has(row)), count(&|row| !could(row)));
    assert_eq!((field.sent, field.absent, field.without), expected, "{}", field.path);
    match (&field.values, field.path.as_str()) {
        (Values::Share { yes, no }, _) => {
            assert_eq!((*yes, *no), (count(&|row| row.by_hand), count(&|row| !row.by_hand)));
        }
        (Values::Words { bars: own }, _) => bars(own, &|row, label| row.command == Some(label)),
        (Values::Versions { bars: own, weeks }, _) => {
            bars(own, &|row, label| row.compiler() == Some(label));
            assert!(weeks.is_empty());
        }
        (Values::Sets { bars: own }, _) => bars(own, &|row, label| row.is_counted && row.flags.contains(&label)),
        (Values::Items { lengths, within, .. }, _) => {
            bars(lengths, &|row, label| row.is_counted && row.steps.len().to_string() == label);
            bars(&within[0].bars, &|row, label| {
                row.is_counted && row.steps.iter().any(|cached| cached.to_string() == label)
            });
        }
        (Values::Ranges { .. }, path) => panic!("{path}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_sum_is_that_of_the_rows(rows in rows(), queries in proptest::collection::vec(queries(), 6)) {
        let store = Store::with(&rows);
        let cross = "rows=command&columns=by_hand";
        compare(&store.ask(cross, 0), &rows.iter().collect::<Vec<_>>());
        for ((query, is_in), from, length) in queries {
            let (from, until) = (Day(TODAY.0 - from), Day(TODAY.0 - from + length));
            let own: Vec<&Row> = rows.iter().filter(|row| (from..=until).contains(&row.day()) && is_in(row)).collect();
            compare(&store.ask(format!("{query}&from={from}&until={until}&{cross}").trim_start_matches('&'), 0), &own);
        }
    }
}

#[test]
fn sums_are_told_with_their_rate() {
    let store = Store::with(&[row(1, 0, 6), row(1, 0, 3), row(2, 0, 1), row(2, 1, 5)]);
    let report = serde_json::to_value(store.ask("", 0)).unwrap();
    let sum = |times, days, rate: f64| json!({"times": times, "ephemeral": 0, "install_days": days, "per_install_and_day": rate});
    let of =
        |first: &str, times, days, rate| json!({"first": first, "is_complete": false, "sum": sum(times, days, rate)});
    assert_eq!(report["is_counted"], true);
    assert_eq!(
        report["sums"],
        json!({
            "all": sum(15, 3, 5.0),
            "days": [of("2026-11-26", 5, 1, 5.0), of("2026-11-27", 10, 2, 5.0)],
            "weeks": [of("2026-11-23", 15, 3, 5.0)],
            "months": [of("2026-11-01", 15, 3, 5.0)],
        })
    );
    assert_eq!(report["fields"][1]["values"]["bars"][0], json!({"label": "build", "count": 15}));
    let nothing = serde_json::to_value(Store::with(&[]).ask("", 0)).unwrap();
    assert_eq!(nothing["sums"]["all"]["per_install_and_day"], Value::Null);
}

#[test]
fn deleted_rows_are_in_no_sum() {
    let store = Store::with(&[row(1, 80, 6), row(1, 45, 3), row(2, 3, 1)]);
    store.asked.both.retain(TODAY, 40);
    let report = store.ask("", 0);
    let sums = report.sums.unwrap();
    assert_eq!(sums.all, Sum { times: 1, ephemeral: 0, install_days: 1 });
    assert!(report.activity.days[0].first < Day(TODAY.0 - 40));
    for (periods, length) in [(sums.days, 1), (sums.weeks, 7)] {
        assert!(periods.iter().all(|period| period.first > Day(TODAY.0 - 45)) && periods.len() >= 40 / length - 1);
    }
}

#[test]
fn the_count_cannot_be_asked_for() {
    let store = Store::with(&[row(1, 0, 6)]);
    let reader = store.asked.reader();
    let filter = Filter::parse("where=count:5-9").unwrap();
    let error = event(&reader, &store.asked.schemas.known, NAME, &filter, TODAY, 0).unwrap_err();
    assert_eq!(error.to_string(), FilterError::UnknownField { key: "where" }.to_string());
}

/// Forty installations, of which one ran it very often.
fn many() -> Store {
    let of = |install: u8| row(install, 20, if install == 7 { 654_321 } else { 3 });
    Store::with(&(0..40).map(of).collect::<Vec<_>>())
}

#[test]
fn where_small_counts_are_hidden_installs_are_told_and_no_sum_is() {
    let store = many();
    let report = store.ask("rows=command&columns=by_hand", 2);
    assert_eq!((report.is_counted, report.sums.is_none(), report.installs), (true, true, Count::Shown(40)));
    let published = store.asked.published(Day(TODAY.0 - 4), 100, 2);
    let shown = &published.events[0];
    assert_eq!((shown.is_counted, shown.sums.is_none()), (true, true));
    // Of an edition without hidden counts, too, since two can be subtracted.
    assert!(store.asked.published(TODAY, 100, 0).events[0].sums.is_none());
    for told in [serde_json::to_string(&report).unwrap(), serde_json::to_string(&published.events).unwrap()] {
        assert!(!told.contains("6543") && !told.contains(r#""path":"count""#), "{told}");
    }
    let Values::Words { bars } = &report.fields[1].values else { panic!("no words") };
    assert_eq!(bars[0].count, Count::Shown(40));
    let all = serde_json::to_value(store.asked.overview(0)).unwrap();
    assert_eq!((&all["events"][0]["is_counted"], &all["events"][0]["events"]), (&json!(true), &json!(40)));
}
