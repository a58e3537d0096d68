//! The printed views have the numbers of the reports.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::ask::report::{Count, Values};
use telemetry_collector::ask::sql::{self, Dialect};
use telemetry_collector::check::KnownSchema;

use super::fixture::{Asked, TODAY};
use super::truth::rows;

#[test]
fn the_printed_views_have_the_numbers_of_the_reports() {
    let rows = rows(120).new_tree(&mut TestRunner::deterministic()).unwrap().current();
    assert!(rows.len() > 10);
    let asked = Asked::new();
    asked.write(rows.iter().map(|row| row.arrival(&asked)).collect());
    let report = asked.ask("", 0).unwrap();
    let reader = asked.reader();
    reader.execute_batch(&sql::views(&reader, 2).unwrap()).unwrap();
    let one = |sql: &str, of: &[&str]| -> Option<u64> {
        let mut statement = reader.prepare(sql).unwrap();
        let mut rows = statement.query(rusqlite::params_from_iter(of)).unwrap();
        rows.next().unwrap().and_then(|row| row.get(0).unwrap())
    };
    assert_eq!(Count::Shown(one("SELECT count(*) FROM run_latest", &[]).unwrap()), report.installs);
    for week in &report.activity.weeks {
        let first = week.first.to_string();
        let of = |what: &str| {
            Count::Shown(one(&format!("SELECT {what} FROM run_weekly WHERE week = ?1"), &[&first]).unwrap_or(0))
        };
        assert_eq!((of("installs"), Some(of("new"))), (week.installs, week.new), "{first}");
    }
    for cohort in &report.retention {
        let first = cohort.first.to_string();
        for (later, count) in [&cohort.size].into_iter().chain(&cohort.later).enumerate() {
            let sql = "SELECT installs FROM run_retention WHERE cohort = ?1 AND weeks_later = CAST(?2 AS INTEGER)";
            assert_eq!(Count::Shown(one(sql, &[&first, &later.to_string()]).unwrap_or(0)), *count, "{first} {later}");
        }
    }
    let mut compared = 0;
    for field in &report.fields {
        if let Values::Words { bars } | Values::Versions { bars, .. } = &field.values {
            for bar in bars {
                let sql = "SELECT installs FROM run_shown WHERE path = ?1 AND value = ?2";
                // One installation is too few.
                let shown = Count::Shown(one(sql, &[&field.path, &bar.label]).unwrap_or(0));
                assert_eq!(shown, if bar.count == Count::Shown(1) { Count::Shown(0) } else { bar.count });
                compared += 1;
            }
        }
    }
    assert!(compared > 5);
    assert!(report.until == TODAY);
}

/// Events whose names, and those of whose views, some database takes for one or keeps for itself.
pub(crate) const NAMES: [&str; 10] =
    ["RUN", "Run", "active", "known", "pg_class", "run", "run_latest", "run_weekly", "select", "sqlite_x"];

/// DuckDB and SQLite take its fields for one.
#[derive(TelemetrySnapshot)]
#[allow(dead_code, reason = "only its schema is used")]
struct Cased {
    #[telemetry(rename = "Wait")]
    first: bool,
    wait: bool,
}

/// A store with an event of each of these names, and of two that are long and end alike.
pub(crate) fn named() -> Asked {
    let asked = Asked::new();
    let long = ["a", "b"].map(|end| format!("{}{end}", "n".repeat(63)));
    for name in NAMES.into_iter().chain(long.iter().map(String::as_str)) {
        let schema = Arc::new(KnownSchema::new(name, "0.1.0", "2026-01-01", Released::of(&Cased::SCHEMA)));
        let event = |install| asked.event(&schema, asked.envelope(install, TODAY), r#"{"Wait":true,"wait":false}"#);
        asked.write((0..3).map(event).collect());
    }
    asked
}

/// The names of the tables and views that statements make.
pub(crate) fn made(statements: &str) -> Vec<String> {
    let names = statements.lines().filter_map(|line| {
        let (kind, rest) = line.split_once(" \"")?;
        let is_made = matches!(kind, "CREATE TABLE" | "CREATE VIEW" | "CREATE TEMP VIEW");
        Some(rest.split_once('"')?.0.to_owned()).filter(|_| is_made)
    });
    names.collect()
}

#[test]
fn names_that_a_database_takes_for_one_are_told_apart() {
    let asked = named();
    let reader = asked.reader();
    let views = sql::views(&reader, 2).unwrap();
    let own = made(&views);
    // Four views each.
    assert_eq!(own.len(), 4 * (NAMES.len() + 2), "{views}");
    reader.execute_batch(&views).unwrap();
    // `latest` has the installations; the others have one week, one cohort and a value of two fields.
    for (name, expected) in own.iter().zip([3, 1, 1, 2].into_iter().cycle()) {
        let rows: i64 = reader.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get(0)).unwrap();
        assert_eq!(rows, expected, "{name}");
    }
    // The event has this name, and the view of `run` another one.
    let columns = |name: &str| {
        let statement = reader.prepare(&format!("SELECT * FROM \"{name}\"")).unwrap();
        statement.column_names().map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert!(columns("run_latest").contains("_ephemeral") && !columns("run_latest#2").contains("_ephemeral"));
    for dialect in [Dialect::Postgres, Dialect::DuckDb] {
        let text = sql::load(&reader, dialect, "rows", 2).unwrap();
        let all = made(&text);
        assert_eq!(all.len(), 1 + 5 * (NAMES.len() + 2), "{text}");
        // PostgreSQL cuts names off, and DuckDB compares them without case.
        let most = if dialect == Dialect::Postgres { 63 } else { usize::MAX };
        let told: BTreeSet<String> = all.iter().map(|name| name.to_lowercase().chars().take(most).collect()).collect();
        assert_eq!(told.len(), all.len(), "{all:?}");
        assert!(!all.iter().any(|name| name.starts_with("pg_") || name.starts_with("sqlite_")), "{all:?}");
        assert!(text.contains("'rows/run_latest.ndjson'") && text.contains("'rows/RUN.ndjson'"), "{text}");
    }
}

#[test]
fn an_event_of_many_columns_has_a_view_of_its_values() {
    const FLAGS: u64 = 600;
    let asked = Asked::new();
    let lines = (0..FLAGS).map(|flag| format!(r#"{{"path":"f{flag}","is":"flag","bits":1}},"#)).collect::<String>();
    let schema = Released::from_json(&format!(r#"[{{"path":"","is":"group"}},{lines}{{"end":""}}]"#)).unwrap();
    let schema = Arc::new(KnownSchema::new("wide", "0.1.0", "2026-01-01", schema));
    let payload = (0..FLAGS).map(|flag| format!(r#""f{flag}":true"#)).collect::<Vec<_>>().join(",");
    asked.write(vec![asked.event(&schema, asked.envelope(1, TODAY), &format!("{{{payload}}}"))]);
    let reader = asked.reader();
    reader.execute_batch(&sql::views(&reader, 1).unwrap()).unwrap();
    let counted = reader.query_row("SELECT count(DISTINCT path), sum(installs) FROM wide_shown", [], |row| {
        Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?))
    });
    assert_eq!(counted.unwrap(), (FLAGS, FLAGS));
}

#[test]
fn views_of_values_say_that_they_are_not_for_the_public() {
    let asked = named();
    let reader = asked.reader();
    let load = |dialect| sql::load(&reader, dialect, "rows", 20).unwrap();
    for text in [sql::views(&reader, 20).unwrap(), load(Dialect::Postgres), load(Dialect::DuckDb)] {
        let lines: Vec<&str> = text.lines().collect();
        let views = lines.iter().enumerate().filter(|(_, line)| line.contains("VIEW") && line.contains("_shown"));
        let views: Vec<usize> = views.map(|(at, _)| at).collect();
        assert_eq!(views.len(), NAMES.len() + 2);
        assert!(views.iter().all(|at| lines[at - 1].starts_with("-- Not for the public:")), "{text}");
    }
}
