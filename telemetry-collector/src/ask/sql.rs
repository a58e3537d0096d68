//! Statements for those who ask a database themselves: views with the numbers of the reports, and tables that take exported [lines](super::lines).

use std::fmt::Write;

use rusqlite::Connection;

use super::catalogue::{Stored, StoredColumn};
use super::{AskError, Source, catalogue};
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

/// A database that takes exported lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `psql` reads the statements.
    Postgres,
    /// `duckdb` reads the statements.
    DuckDb,
}

/// The statements that make tables, fill them with the exported lines in the directory, and make views with the numbers of the reports.
///
/// There is a table `EVENT` for each event, `_installs`, and the views that [`views`] makes, with the same columns.
///
/// # Errors
///
/// If the store cannot be read.
pub fn load<'s>(
    source: impl Into<Source<'s>>,
    dialect: Dialect,
    directory: &str,
    least: u64,
) -> Result<String, AskError> {
    let mut text = String::new();
    let place = |name: &str| text_literal(&format!("{}/{name}.ndjson", directory.trim_end_matches('/')));
    let own = |columns: &[(&str, &'static str)]| -> Vec<Loaded> {
        columns.iter().map(|(name, kind)| Loaded { name: (*name).to_owned(), key: (*name).to_owned(), kind }).collect()
    };
    dialect.table(&mut text, "_installs", &own(&[("_install", "integer"), ("_first_day", "day")]), &place("_installs"));
    for event in catalogue::all(source.into())? {
        let columns = event.columns();
        let keys = shown_names(&columns);
        let names: Vec<String> = keys.iter().enumerate().map(|(at, key)| dialect.name(at, key)).collect();
        let mut all = own(&[
            ("_day", "day"),
            ("_install", "integer"),
            ("_version", "text"),
            ("_ephemeral", "flag"),
            ("_number", "integer"),
        ]);
        for ((column, key), name) in columns.iter().zip(keys).zip(&names) {
            all.push(Loaded { name: name.clone(), key, kind: column.kind });
        }
        dialect.table(&mut text, &event.name, &all, &place(&event.name));
        loaded_views(&mut text, &event, &columns, &names, least);
    }
    Ok(text)
}

/// A column of a table that takes lines.
struct Loaded<'k> {
    name: String,
    /// The member of the line.
    key: String,
    kind: &'k str,
}

impl Dialect {
    fn kind(self, kind: &str) -> &'static str {
        match (self, kind) {
            (_, "flag") => "BOOLEAN",
            (_, "integer") => "BIGINT",
            (_, "day") => "DATE",
            (Self::Postgres, "json") => "JSONB",
            (Self::DuckDb, "json") => "JSON",
            _ => "TEXT",
        }
    }

    /// The name of a column.
    fn name(self, at: usize, key: &str) -> String {
        const MOST_BYTES: usize = 63;
        match self {
            // It cuts longer names off.
            Self::Postgres if key.len() > MOST_BYTES => {
                let mut end = MOST_BYTES - 8;
                while !key.is_char_boundary(end) {
                    end -= 1;
                }
                format!("{}#{at}", key.get(..end).unwrap_or_default())
            }
            Self::Postgres | Self::DuckDb => key.to_owned(),
        }
    }

    /// Makes a table and fills it.
    fn table(self, text: &mut String, name: &str, columns: &[Loaded<'_>], file: &str) {
        let table = quote(name);
        let list = |of: &dyn Fn(&Loaded<'_>) -> String, between: &str| {
            columns.iter().map(of).collect::<Vec<_>>().join(between)
        };
        let own = list(&|column| format!("{} {}", quote(&column.name), self.kind(column.kind)), ",\n    ");
        let _ = writeln!(text, "CREATE TABLE {table} (\n    {own}\n);");
        let _ = match self {
            // Each line is one value: no line has the characters that would divide or quote it.
            Self::Postgres => {
                let value = |column: &Loaded<'_>| match column.kind {
                    "json" => format!("line->{}", text_literal(&column.key)),
                    kind => format!("CAST(line->>{} AS {})", text_literal(&column.key), self.kind(kind)),
                };
                writeln!(
                    text,
                    "CREATE TEMP TABLE _line (line JSONB);\n\\copy _line FROM {file} WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')\n\
                     INSERT INTO {table} SELECT\n    {}\nFROM _line;\nDROP TABLE _line;\n",
                    list(&value, ",\n    ")
                )
            }
            Self::DuckDb => {
                let kind = |column: &Loaded<'_>| format!("{}: '{}'", text_literal(&column.key), self.kind(column.kind));
                writeln!(
                    text,
                    "INSERT INTO {table} SELECT * FROM read_json({file}, format = 'newline_delimited', columns = {{{}}});\n",
                    list(&kind, ", ")
                )
            }
        };
    }
}

/// The views of [`views`] over a table of exported lines. Both databases read them alike.
fn loaded_views(text: &mut String, event: &Stored, columns: &[StoredColumn<'_>], names: &[String], least: u64) {
    let table = quote(&event.name);
    let name = |what: &str| quote(&format!("{}_{what}", event.name));
    let _ = writeln!(
        text,
        "CREATE VIEW {latest} AS SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY _install ORDER BY _day DESC, _number DESC) AS _rank FROM {table} WHERE NOT _ephemeral
) AS ranked WHERE _rank = 1;

CREATE VIEW {weekly} AS SELECT CAST(date_trunc('week', _day) AS DATE) AS week, count(DISTINCT _install) AS installs,
    count(DISTINCT CASE WHEN known._first_day >= date_trunc('week', _day) THEN _install END) AS new
FROM {table} JOIN _installs AS known USING (_install) WHERE NOT _ephemeral GROUP BY 1;

CREATE VIEW {retention} AS
WITH active AS (SELECT DISTINCT _install, CAST(date_trunc('week', _day) AS DATE) AS week,
        CAST(date_trunc('week', known._first_day) AS DATE) AS cohort
        FROM {table} JOIN _installs AS known USING (_install) WHERE NOT _ephemeral),
    member AS (SELECT _install, cohort FROM active WHERE week = cohort)
SELECT member.cohort AS cohort, (active.week - member.cohort) / 7 AS weeks_later, count(*) AS installs
FROM member JOIN active ON active._install = member._install GROUP BY 1, 2;
",
        latest = name("latest"),
        weekly = name("weekly"),
        retention = name("retention"),
    );
    let of = |(column, name): (&StoredColumn<'_>, &String)| {
        format!(
            "SELECT {} AS path, CAST({} AS TEXT) AS value, count(*) AS installs FROM {} GROUP BY 2",
            text_literal(column.path),
            quote(name),
            self::quote(&format!("{}_latest", event.name))
        )
    };
    let values: Vec<String> = columns.iter().zip(names).filter(|(column, _)| column.kind != "json").map(of).collect();
    if !values.is_empty() {
        let _ = writeln!(
            text,
            "CREATE VIEW {} AS SELECT path, value, CASE WHEN installs >= {least} THEN installs END AS installs FROM (\n    {}\n) AS shown;\n",
            name("shown"),
            values.join("\n    UNION ALL ")
        );
    }
}

/// The name of each column in exported lines: its path, with its kind if the path has several.
pub(super) fn shown_names(columns: &[StoredColumn<'_>]) -> Vec<String> {
    let name = |column: &StoredColumn<'_>| {
        let is_alone = columns.iter().filter(|other| other.path == column.path).count() == 1;
        match (column.path, is_alone) {
            ("", _) => "_value".to_owned(),
            (path, true) => path.to_owned(),
            (path, false) => format!("{path}:{}", column.kind),
        }
    };
    columns.iter().map(name).collect()
}

fn text_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
