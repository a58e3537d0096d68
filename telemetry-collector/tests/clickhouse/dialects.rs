//! The statements for other databases load what was exported, and their views have the numbers of the reports.

use std::env;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use telemetry_collector::ask::lines::{install_lines, lines, stored_events};
use telemetry_collector::ask::report::{Count, EventReport, Values};
use telemetry_collector::ask::sql::{Dialect, load};

use crate::ask::fixture::Asked;
use crate::ask::naive::Row;
use crate::ask::sql::{made, named};
use crate::ask::truth::rows;

/// Answers of queries, as text.
type Answers = Vec<Vec<Vec<Option<String>>>>;

/// Carries out statements in a new database, then queries.
type Run = fn(&Path, &str, &[String]) -> Answers;

#[test]
#[ignore = "needs DuckDB: .ci/clickhouse installs it"]
fn duckdb_has_the_numbers_of_the_reports() {
    check(Dialect::DuckDb, duckdb);
}

#[test]
#[ignore = "needs PostgreSQL: .ci/clickhouse starts it"]
fn postgresql_has_the_numbers_of_the_reports() {
    check(Dialect::Postgres, postgres);
}

#[test]
#[ignore = "needs DuckDB: .ci/clickhouse installs it"]
fn duckdb_tells_names_apart() {
    check_names(Dialect::DuckDb, duckdb, "");
}

#[test]
#[ignore = "needs PostgreSQL: .ci/clickhouse starts it"]
fn postgresql_tells_names_apart() {
    // The other test has an event of the same name.
    check_names(Dialect::Postgres, postgres, "CREATE SCHEMA names;\nSET search_path = names;\n");
}

/// Each table and view can be made and has its rows.
fn check_names(dialect: Dialect, run: Run, before: &str) {
    let place = tempfile::tempdir().unwrap();
    let asked = named();
    let statements = export(&asked, place.path(), dialect);
    let names: Vec<String> = made(&statements).into_iter().filter(|name| name != "_installs").collect();
    assert!(names.len() > 40);
    let queries: Vec<String> = names.iter().map(|name| format!("SELECT count(*) FROM \"{name}\"")).collect();
    let found = run(place.path(), &format!("{before}{statements}"), &queries);
    assert_eq!(found.len(), names.len());
    // Of each event, the table, the latest rows, a week, a cohort and the values of two fields.
    for ((name, found), expected) in names.iter().zip(found).zip([3, 3, 1, 1, 2].into_iter().cycle()) {
        let rows: u64 = found[0][0].as_ref().unwrap().parse().unwrap();
        assert_eq!(rows, expected, "{name}");
    }
}

/// Exports all rows, and gives the statements that load them.
fn export(asked: &Asked, place: &Path, dialect: Dialect) -> String {
    let reader = asked.reader();
    for event in stored_events(&reader).unwrap() {
        let mut file = File::create(place.join(format!("{event}.ndjson"))).unwrap();
        assert!(lines(&reader, &event, &mut file).unwrap() > 0);
    }
    install_lines(&reader, &mut File::create(place.join("_installs.ndjson")).unwrap()).unwrap();
    load(&reader, dialect, place.to_str().unwrap(), 2).unwrap()
}

fn check(dialect: Dialect, run: Run) {
    let place = tempfile::tempdir().unwrap();
    let mut rows = rows(120).new_tree(&mut TestRunner::deterministic()).unwrap().current();
    assert!(rows.len() > 10);
    // Each installation sends another one on the same day, which is the latest.
    let others = rows.iter().zip(rows.iter().skip(1)).map(|(row, other)| Row {
        install: row.install,
        age: row.age,
        is_ephemeral: row.is_ephemeral,
        ..other.clone()
    });
    rows.extend(others.collect::<Vec<_>>());
    let asked = Asked::new();
    asked.write(rows.iter().map(|row| row.arrival(&asked)).collect());
    let statements = export(&asked, place.path(), dialect);
    let report = asked.ask("", 0).unwrap();
    let (queries, expected): (Vec<String>, Vec<Count>) = numbers(&report).into_iter().unzip();
    let found = run(place.path(), &statements, &queries);
    assert_eq!(found.len(), queries.len());
    for ((query, expected), found) in queries.iter().zip(expected).zip(found) {
        let found = found.first().and_then(|row| row[0].as_ref()).map_or(0, |text| text.parse().unwrap());
        assert_eq!(Count::Shown(found), expected, "{query}");
    }
}

/// Queries, and the numbers of the report that they must give.
fn numbers(report: &EventReport) -> Vec<(String, Count)> {
    let mut numbers = vec![
        ("SELECT count(*) FROM run".to_owned(), report.events),
        ("SELECT count(*) FROM run_latest".to_owned(), report.installs),
    ];
    for week in &report.activity.weeks {
        let of = |what: &str| format!("SELECT {what} FROM run_weekly WHERE week = '{}'", week.first);
        numbers.push((of("installs"), week.installs));
        numbers.push((of("new"), week.new.unwrap()));
    }
    for cohort in &report.retention {
        for (later, count) in [&cohort.size].into_iter().chain(&cohort.later).enumerate() {
            let of = format!(
                "SELECT installs FROM run_retention WHERE cohort = '{}' AND weeks_later = {later}",
                cohort.first
            );
            numbers.push((of, *count));
        }
    }
    for field in &report.fields {
        if let Values::Words { bars } | Values::Versions { bars, .. } = &field.values {
            for bar in bars {
                // One installation is too few.
                let count = if bar.count == Count::Shown(1) { Count::Shown(0) } else { bar.count };
                let of =
                    format!("SELECT installs FROM run_shown WHERE path = '{}' AND value = '{}'", field.path, bar.label);
                numbers.push((of, count));
            }
        }
        if let (Values::Share { yes, .. }, "by_hand") = (&field.values, field.path.as_str()) {
            numbers.push(("SELECT count(*) FROM run_latest WHERE by_hand".to_owned(), *yes));
        }
        if let (Values::Ranges { bars }, "wait:integer") = (&field.values, field.path.as_str()) {
            let Count::Shown(sent) = field.sent else { panic!() };
            assert!(!bars.is_empty());
            numbers.push((r#"SELECT count("wait:integer") FROM run_latest"#.to_owned(), Count::Shown(sent)));
        }
    }
    assert!(numbers.len() > 20);
    numbers
}

fn duckdb(place: &Path, statements: &str, queries: &[String]) -> Answers {
    let python = env::var("COLLECTOR_TEST_CLICKHOUSE_PYTHON").expect("no Python with duckdb; .ci/clickhouse has one");
    let file = place.join("statements.sql");
    fs::write(&file, statements).unwrap();
    let mut command = Command::new(python);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clickhouse/load.py")).arg(&file);
    let said = said(&mut command, &(queries.join("\n") + "\n"));
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn postgres(_: &Path, statements: &str, queries: &[String]) -> Answers {
    let host = env::var("COLLECTOR_TEST_POSTGRES").expect("no PostgreSQL; .ci/clickhouse starts one");
    let mut command = Command::new("psql");
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]);
    command.args(["--host", &host, "--username", "postgres", "postgres"]);
    // Each in a line of its own, whether or not it has an answer.
    let queries: String = queries.iter().map(|query| format!("SELECT coalesce(({query})::TEXT, '0');\n")).collect();
    let said = said(&mut command, &format!("{statements}\n{queries}"));
    said.lines().map(|line| vec![vec![Some(line.to_owned())]]).collect()
}

/// What a program that is given a text says.
fn said(command: &mut Command, given: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(given.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}
