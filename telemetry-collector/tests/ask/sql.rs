//! The printed views have the numbers of the reports.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use telemetry_collector::ask::report::{Count, Values};
use telemetry_collector::ask::sql;

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
