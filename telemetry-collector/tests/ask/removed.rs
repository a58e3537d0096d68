//! Values that only releases have whose files were removed.

use std::sync::Arc;

use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::arrival::Day;
use telemetry_collector::ask::Filter;
use telemetry_collector::ask::report::{Count, EventReport, FieldReport, Values};
use telemetry_collector::check::{Known, KnownSchema};

use super::fixture::{Asked, Run, TODAY, write};
use super::naive::Row;
use super::published::bars;
use super::truth::{n, row};

const LEAST: u64 = 20;

/// Events of the later release, of whose words the earlier one lacks `check`.
fn of_the_later(age: i32) -> Asked {
    let asked = Asked::new();
    let command = |install| match install {
        0..60 => "build",
        60..97 => "test",
        _ => "check",
    };
    let rows = (0..100).map(|install| Row { is_wider: true, command: Some(command(install)), ..row(install, age) });
    asked.write(rows.map(|row| row.arrival(&asked)).collect());
    asked
}

/// The earlier release alone.
fn earlier() -> Known {
    let home = tempfile::tempdir().unwrap();
    write(home.path(), "run", "0.1.0", "2026-01-01", &Released::of(&Run::SCHEMA));
    Known::read(home.path()).unwrap()
}

fn command(report: &EventReport) -> FieldReport {
    report.fields.iter().find(|field| field.path == "command").unwrap().clone()
}

#[test]
fn a_word_that_no_known_release_has_counts_as_not_sent() {
    let (asked, known) = (of_the_later(1), earlier());
    let ask = |query: &str| asked.both.event(&known, "run", &Filter::parse(query).unwrap(), TODAY, 0).unwrap().unwrap();
    let report = ask("rows=command&columns=by_hand");
    let field = command(&report);
    assert_eq!((field.sent, field.absent, field.without), (n(97), n(3), n(0)));
    assert!(
        matches!(&field.values, Values::Words { bars } if bars[..2].iter().map(|bar| bar.count).eq([n(60), n(37)]))
    );
    let cross = report.cross.unwrap();
    assert_eq!((cross.rows.last(), cross.row_sums.last()), (Some(&None), Some(&n(3))));
    assert_eq!(ask("where=command:").installs, n(3));
    assert_eq!(ask("where=command:build").installs, n(60));
}

#[test]
fn what_is_shown_does_not_tell_how_few_sent_a_word_of_a_removed_release() {
    // The day before the end of the week that is published.
    let (asked, known) = (of_the_later(13), earlier());
    let shown = asked.both.event(&known, "run", &Filter::default(), TODAY, LEAST).unwrap().unwrap();
    let published = asked.both.published(&known, Day(TODAY.0), 365, LEAST);
    let published = published.events.into_iter().find(|event| event.event == "run").unwrap();
    for report in [shown, published] {
        let field = command(&report);
        let shown = shown_of_which_nothing_is_told(&report, &field);
        assert!(shown.contains(&100) && shown.contains(&60), "{field:?}");
    }
}

/// The counts that are shown. What two of them lack of a third is not small.
fn shown_of_which_nothing_is_told(report: &EventReport, field: &FieldReport) -> Vec<u64> {
    let values = match &field.values {
        Values::Items { within, .. } => within.iter().flat_map(|within| within.bars.clone()).collect(),
        values => bars(values),
    };
    let sums = [report.installs, field.sent, field.absent, field.without];
    let counts = sums.into_iter().chain(values.into_iter().map(|bar| bar.count));
    let shown: Vec<u64> =
        counts.filter_map(|count| if let Count::Shown(count) = count { Some(count) } else { None }).collect();
    for whole in &shown {
        for one in &shown {
            for other in shown.iter().chain(&[0]) {
                let rest = whole.saturating_sub(one + other);
                assert!(!(1..LEAST).contains(&rest), "{whole} - {one} - {other}: {field:?}");
            }
        }
    }
    shown
}

#[derive(TelemetrySnapshot)]
struct Kept {
    storage: Storage,
    #[telemetry(each(one_of("fast", "quiet"), max = 4))]
    flags: Vec<String>,
    #[telemetry(each(max = 4))]
    steps: Vec<Step>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
enum Storage {
    Sqlite,
    Memory,
    Server { tls: bool },
}

#[derive(TelemetrySnapshot)]
struct Step {
    #[telemetry(one_of("compile", "link"))]
    name: Option<String>,
}

/// The same with more words.
#[derive(TelemetrySnapshot)]
struct WiderKept {
    storage: WiderStorage,
    #[telemetry(each(one_of("fast", "quiet", "offline"), max = 4))]
    flags: Vec<String>,
    #[telemetry(each(max = 4))]
    steps: Vec<Step>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
enum WiderStorage {
    Sqlite,
    Memory,
    Embedded,
    Server { tls: bool },
}

#[test]
fn what_is_shown_of_lists_and_enums_does_not_tell_how_few_have_no_known_value() {
    // Those with another variant than the first one: in the same path, and in another one.
    for other in [r#""Memory""#, r#"{"tls":true}"#] {
        nothing_is_told_of_few(other);
    }
}

fn nothing_is_told_of_few(other: &str) {
    let (asked, home) = (Asked::new(), tempfile::tempdir().unwrap());
    write(home.path(), "kept", "0.1.0", "2026-01-01", &Released::of(&Kept::SCHEMA));
    let known = Known::read(home.path()).unwrap();
    let wider = Arc::new(KnownSchema::new("kept", "0.2.0", "2026-02-01", Released::of(&WiderKept::SCHEMA)));
    let arrivals = (0..100).map(|install| {
        let (storage, flags, steps) = match install {
            0..60 => (r#""Sqlite""#, r#""fast""#, r#"{"name":"compile"}"#),
            60..97 => (other, r#""quiet""#, r#"{"name":"link"}"#),
            // Words of the removed release, and an item that lacks what it may lack.
            _ => (r#""Embedded""#, r#""offline""#, "{}"),
        };
        let payload = format!(r#"{{"storage":{storage},"flags":[{flags}],"steps":[{steps}]}}"#);
        asked.event(&wider, asked.envelope(install, Day(TODAY.0 - 13)), &payload)
    });
    asked.write(arrivals.collect());
    let shown = asked.both.event(&known, "kept", &Filter::default(), TODAY, LEAST).unwrap().unwrap();
    let published = asked.both.published(&known, Day(TODAY.0), 365, LEAST);
    let published = published.events.into_iter().find(|event| event.event == "kept").unwrap();
    for report in [shown, published] {
        assert_eq!(report.fields.len(), 3);
        for field in &report.fields {
            assert!(shown_of_which_nothing_is_told(&report, field).contains(&100), "{field:?}");
        }
    }
}
