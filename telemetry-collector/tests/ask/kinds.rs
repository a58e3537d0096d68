//! A field that is a list, words or an enum with data, each in another release. All of these are kept as JSON, in one column.

use std::sync::Arc;

use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::ask::Filter;
use telemetry_collector::ask::report::{Bar, Count, FieldReport, Values};
use telemetry_collector::check::{Known, KnownSchema};

use super::fixture::{Asked, TODAY, write};
use super::truth::n;

#[derive(TelemetrySnapshot)]
struct Listed {
    #[telemetry(each(max = 4))]
    target: Vec<Host>,
}

#[derive(TelemetrySnapshot)]
struct Host {
    fast: bool,
}

#[derive(TelemetrySnapshot)]
struct Worded {
    #[telemetry(each(one_of("a", "b", "c", "d", "e", "f"), max = 8))]
    target: Vec<String>,
}

#[derive(TelemetrySnapshot)]
struct Chosen {
    target: Choice,
}

#[derive(TelemetrySnapshot)]
#[telemetry(untagged, rename_all = "lowercase")]
#[allow(dead_code, reason = "only its schema is used")]
enum Choice {
    Local,
    Remote { tls: bool },
}

/// A release, and what is sent with it.
type Release = (fn() -> Released, &'static [&'static str]);

const LIST: Release =
    (|| Released::of(&Listed::SCHEMA), &[r#"[{"fast":true},{"fast":false}]"#, r#"[{"fast":true}]"#, "[]"]);
const WORDS: Release = (|| Released::of(&Worded::SCHEMA), &[r#"["a","b","c","d","e","f"]"#, r#"["a"]"#]);
const CHOICE: Release = (|| Released::of(&Chosen::SCHEMA), &[r#""local""#, r#"{"tls":true}"#]);

/// The field after these two releases, by different installations.
fn target(older: Release, newer: Release) -> FieldReport {
    let (asked, home) = (Asked::new(), tempfile::tempdir().unwrap());
    let mut installs = 0..;
    for ((schema, values), (version, date)) in [(older, ("0.1.0", "2026-01-01")), (newer, ("0.2.0", "2026-02-01"))] {
        write(home.path(), "changed", version, date, &schema());
        let known = Arc::new(KnownSchema::new("changed", version, date, schema()));
        let arrivals = values.iter().zip(&mut installs).map(|(value, install)| {
            asked.event(&known, asked.envelope(install, TODAY), &format!(r#"{{"target":{value}}}"#))
        });
        asked.write(arrivals.collect());
    }
    let known = Known::read(home.path()).unwrap();
    let report = asked.both.event(&known, "changed", &Filter::default(), TODAY, 0).unwrap().unwrap();
    assert_eq!(report.installs, n(older.1.len() + newer.1.len()));
    let [field] = report.fields.try_into().unwrap();
    assert_eq!((field.sent, field.absent, field.without), (report.installs, n(0), n(0)), "{field:?}");
    field
}

fn has(field: &FieldReport, path: &str, label: &str, count: usize) {
    let bars: &[Bar] = match &field.values {
        Values::Sets { bars } => bars,
        Values::Items { within, lengths, .. } => {
            assert_eq!(lengths, &[], "not all are lists");
            &within.iter().find(|within| within.path == path).unwrap_or_else(|| panic!("{path}: {field:?}")).bars
        }
        other => panic!("{other:?}"),
    };
    let bar = bars.iter().find(|bar| bar.label == label).unwrap_or_else(|| panic!("{path} {label}: {field:?}"));
    assert_eq!(bar.count, n(count), "{path} {label}: {field:?}");
}

#[test]
fn a_list_and_an_enum_with_data_count_each_value() {
    for field in [target(LIST, CHOICE), target(CHOICE, LIST)] {
        has(&field, "[].fast", "true", 2);
        has(&field, "[].fast", "false", 1);
        has(&field, "", "local", 1);
        has(&field, "tls", "true", 1);
    }
}

#[test]
fn words_and_a_list_or_an_enum_with_data_count_each_value() {
    let list = target(WORDS, LIST);
    has(&list, "[].fast", "true", 2);
    has(&list, "[]", "a", 2);
    has(&list, "[]", "f", 1);
    let choice = target(WORDS, CHOICE);
    has(&choice, "tls", "true", 1);
    has(&choice, "", "local", 1);
    has(&choice, "[]", "a", 2);
    has(&target(LIST, WORDS), "", "a", 2);
    has(&target(CHOICE, WORDS), "", "a", 2);
    has(&target(CHOICE, WORDS), "", "local", 1);
}

#[test]
fn what_is_shown_does_not_tell_how_few_lists_are_empty() {
    let (asked, home) = (Asked::new(), tempfile::tempdir().unwrap());
    let releases = [("0.1.0", "2026-01-01", LIST.0()), ("0.2.0", "2026-02-01", CHOICE.0())];
    for (version, date, schema) in &releases {
        write(home.path(), "changed", version, date, schema);
    }
    let known = Known::read(home.path()).unwrap();
    let [list, choice] =
        releases.map(|(version, date, schema)| Arc::new(KnownSchema::new("changed", version, date, schema)));
    let arrivals = (0..100).map(|install| {
        let (schema, value) = match install {
            0..60 => (&choice, r#""local""#),
            60..97 => (&list, r#"[{"fast":true}]"#),
            _ => (&list, "[]"),
        };
        asked.event(schema, asked.envelope(install, TODAY), &format!(r#"{{"target":{value}}}"#))
    });
    asked.write(arrivals.collect());
    let report = asked.both.event(&known, "changed", &Filter::default(), TODAY, 20).unwrap().unwrap();
    assert_eq!((report.installs, report.fields[0].sent), (n(100), n(100)));
    let Values::Items { within, .. } = &report.fields[0].values else { panic!("{report:?}") };
    assert!(within.iter().flat_map(|within| &within.bars).all(|bar| bar.count == Count::Hidden), "{within:?}");
}
