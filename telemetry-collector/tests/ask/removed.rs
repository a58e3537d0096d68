//! Values that only releases have whose files were removed.

use telemetry::TelemetrySnapshot as _;
use telemetry::schema::Released;
use telemetry_collector::arrival::Day;
use telemetry_collector::ask::Filter;
use telemetry_collector::ask::report::{Count, EventReport, FieldReport, Values};
use telemetry_collector::check::Known;

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
        let values = bars(&field.values).into_iter().map(|bar| bar.count);
        let counts = [report.installs, field.sent, field.absent, field.without].into_iter().chain(values);
        let shown: Vec<u64> =
            counts.filter_map(|count| if let Count::Shown(count) = count { Some(count) } else { None }).collect();
        assert!(shown.contains(&100) && shown.contains(&60), "{field:?}");
        for whole in &shown {
            for one in &shown {
                for other in shown.iter().chain(&[0]) {
                    let rest = whole.saturating_sub(one + other);
                    assert!(!(1..LEAST).contains(&rest), "{whole} - {one} - {other}: {field:?}");
                }
            }
        }
    }
}
