//! The file for those who ask it themselves: its tables as they are, and views with the numbers of the reports.

use std::fmt::Write;

use rusqlite::Connection;

use super::{AskError, catalogue};
use crate::store::names::quote;
use crate::store::version;

/// The statements that make the tables, and views that a reader of the file can add.
///
/// For each event there are `EVENT_latest`, the latest row of each installation; `EVENT_weekly`, the active installations of each week; and
/// `EVENT_retention`, how many of the installations that were new in a week were active in later ones. `EVENT_shown` counts the
/// values of the latest rows, and has `NULL` for counts of 1 to `least` - 1. It hides nothing else, unlike reports, because
/// a reader of the file can see all of it anyway.
///
/// # Errors
///
/// If the file cannot be read.
pub fn views(connection: &Connection, least: u64) -> Result<String, AskError> {
    let mut text = String::new();
    for event in catalogue::all(connection.into())? {
        let table = &event.table;
        let name = |what: &str| quote(&format!("{}_{what}", event.name));
        let rows = format!("SELECT *, _day - (_day + 3) % 7 AS _week FROM {table} WHERE _ephemeral = 0");
        let mut values = String::new();
        let mut columns = String::new();
        for column in event.columns() {
            let own = format!("event.{}", column.name);
            let value = match column.kind {
                "word" => format!("(SELECT text FROM _word WHERE number = {own})"),
                "version" => version::text_sql(&own),
                _ => own,
            };
            let _ = write!(columns, ",\n    {value} AS {}", column.name);
            if column.kind != "json" {
                let _ = write!(
                    values,
                    "{}SELECT {} AS path, CAST({value} AS TEXT) AS value, count(*) AS installs FROM latest AS event GROUP BY 2",
                    if values.is_empty() { "" } else { "\n    UNION ALL " },
                    text_literal(column.path)
                );
            }
        }
        let latest = format!(
            "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY _install ORDER BY _day DESC, _number DESC) AS _rank
        FROM {table} WHERE _ephemeral = 0) WHERE _rank = 1"
        );
        let _ = writeln!(
            text,
            "CREATE TEMP VIEW {} AS SELECT
    date(event._day * 86400, 'unixepoch') AS _day,
    event._install AS _install,
    (SELECT version FROM _schema WHERE number = event._schema) AS _version{columns}
FROM ({latest}) AS event;

CREATE TEMP VIEW {} AS SELECT date(_week * 86400, 'unixepoch') AS week, count(DISTINCT _install) AS installs,
    count(DISTINCT iif(known.first_day >= _week, _install, NULL)) AS new
FROM ({rows}) LEFT JOIN _install AS known ON known.number = _install GROUP BY _week;

CREATE TEMP VIEW {} AS
WITH active AS (SELECT DISTINCT _install, _week, (SELECT first_day - (first_day + 3) % 7 FROM _install AS known
        WHERE known.number = _install) AS cohort FROM ({rows})),
    member AS (SELECT _install, cohort FROM active WHERE _week = cohort)
SELECT date(cohort * 86400, 'unixepoch') AS cohort, (_week - cohort) / 7 AS weeks_later, count(*) AS installs
FROM member JOIN active USING (_install, cohort) GROUP BY cohort, 2;",
            name("latest"),
            name("weekly"),
            name("retention"),
        );
        if !values.is_empty() {
            let _ = writeln!(
                text,
                "
CREATE TEMP VIEW {} AS
WITH latest AS MATERIALIZED ({latest})
SELECT path, value, iif(installs < {least}, NULL, installs) AS installs FROM (
    {values}
);",
                name("shown"),
            );
        }
        text.push('\n');
    }
    Ok(text)
}

fn text_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
