//! The printed tables are those that the collector makes, and are statements of the engine.

use std::env;

use telemetry_collector::clickhouse::{ClickHouse, ddl};
use telemetry_collector::store::Store;

use super::engine::{Database, VARIABLE, options};
use crate::ask::fixture::Schemas;

/// What the engine says of a database's tables, without where they are.
fn tables(database: &Database) -> String {
    database.ask(
        "SELECT name, replaceAll(create_table_query, currentDatabase(), 'here') FROM system.tables \
         WHERE database = currentDatabase() ORDER BY name",
    )
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn the_printed_tables_are_those_that_it_makes() {
    let server = env::var(VARIABLE).expect("COLLECTOR_TEST_CLICKHOUSE names no engine; .ci/clickhouse starts one");
    let (schemas, directory) = (Schemas::new(), tempfile::tempdir().unwrap());
    let text = ddl(&schemas.known, options().retention_days);
    let (printed, made) = (Database::new(&server), Database::new(&server));
    let plain: String = text.lines().filter(|line| !line.starts_with("--")).map(|line| format!("{line}\n")).collect();
    for statement in plain.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        printed.ask(statement);
    }
    let beside = Store::open(&directory.path().join("beside.db")).unwrap();
    let clickhouse = ClickHouse::open(&made.address(), &beside, options()).unwrap();
    let all = schemas.known.events().flat_map(|(_, schemas)| schemas).cloned().collect();
    super::both::wait(clickhouse.writer().adopt(all)).unwrap();
    let names = |tables: &str| {
        let mut columns: Vec<String> = tables.split([',', '(', '\n']).map(|part| part.trim().to_owned()).collect();
        columns.sort();
        columns
    };
    // The order of added columns is that of the releases, or of their paths in a view.
    assert_eq!(names(&tables(&printed)), names(&tables(&made)));
    assert_eq!(made.ask("SELECT count() FROM run").trim(), "0");

    // What is for replicas and shards is a comment, and can be read by the engine.
    let mut statements = 0;
    for line in text.lines().filter_map(|line| line.strip_prefix("-- ")).filter(|line| line.ends_with(';')) {
        if line.starts_with("CREATE") || line.starts_with("ALTER") {
            printed.ask(&format!("EXPLAIN AST {}", line.trim_end_matches(';')));
            statements += 1;
        }
    }
    assert!(statements > 20 && text.contains("ReplicatedReplacingMergeTree") && text.contains("Distributed("));
}
