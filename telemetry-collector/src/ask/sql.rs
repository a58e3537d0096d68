//! Statements for those who ask a database themselves: views with the numbers of the reports, and tables that take exported [lines](super::lines).

use std::fmt::Write;

use rusqlite::Connection;

use super::catalogue::StoredColumn;
use super::naming::Names;
use super::{AskError, Source, catalogue};
use crate::store::names::quote;
use crate::store::version;

/// What is said beside the views of values.
const NOT_FOR_THE_PUBLIC: &str = "\
-- Not for the public: only counts below `--least` are left out, and subtraction can give them back. `export --public` hides enough others.
";

/// So many columns of SQLite are counted by one SELECT: functions of its older versions take at most 127 arguments.
const COLUMNS_AT_ONCE: usize = 100;

/// The statements that make the tables, and views that a reader of the file can add. Where a name is taken, as that of the event `EVENT_latest`,
/// that of the view gets a number: `EVENT_latest#2`.
///
/// For each event there are `EVENT_latest`, the latest row of each installation; `EVENT_weekly`, the active installations of each week; and
/// `EVENT_retention`, how many of the installations that were new in a week were active in later ones. `EVENT_shown` counts the
/// values of the latest rows, and has `NULL` for counts of 1 to `least` - 1. It hides nothing else, unlike reports, so that the other counts can
/// tell these by subtraction: it is not for the public. A reader of the file can see all of it anyway.
///
/// # Errors
///
/// If the file cannot be read.
pub fn views(connection: &Connection, least: u64) -> Result<String, AskError> {
    let mut text = String::new();
    let events = catalogue::all(connection.into())?;
    let mut names = Names::new(usize::MAX);
    for event in &events {
        // The views that are in the file have names of their own already.
        names.free(&event.view, "");
    }
    for event in &events {
        let table = &event.table;
        let views = Views::named(&mut names, &event.view);
        let rows = format!("SELECT *, _day - (_day + 3) % 7 AS _week FROM {table} WHERE _ephemeral = 0");
        let mut values = Vec::new();
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
                values.push((column.path, value));
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
            views.latest, views.weekly, views.retention,
        );
        if !values.is_empty() {
            let _ = writeln!(
                text,
                "
{NOT_FOR_THE_PUBLIC}CREATE TEMP VIEW {} AS
WITH latest AS MATERIALIZED ({latest})
SELECT path, value, iif(installs < {least}, NULL, installs) AS installs FROM (
    {}
);",
                views.shown,
                values.chunks(COLUMNS_AT_ONCE).map(counts).collect::<Vec<_>>().join("\n    UNION ALL "),
            );
        }
        text.push('\n');
    }
    Ok(text)
}

/// How often each value of these columns is in the rows `latest` of SQLite. A column is a path and an expression.
///
/// A SELECT for each column would be plainer, but SQLite takes at most 500 of them together, and its newer versions only some hundred references to a
/// common table.
fn counts(columns: &[(&str, String)]) -> String {
    let (paths, values): (Vec<&str>, Vec<&str>) = columns.iter().map(|(path, value)| (*path, value.as_str())).unzip();
    let (paths, values) = (text_literal(&serde_json::json!(paths).to_string()), values.join(", "));
    format!(
        "SELECT json_extract({paths}, '$[' || one.key || ']') AS path, CAST(one.value AS TEXT) AS value, count(*) AS installs
    FROM latest AS event, json_each(json_array({values})) AS one GROUP BY one.key, 2"
    )
}

/// The names of an event's views, in quotes.
struct Views {
    latest: String,
    weekly: String,
    retention: String,
    shown: String,
}

impl Views {
    fn named(names: &mut Names, event: &str) -> Self {
        let mut name = |what: &str| quote(&names.of_event(event, what));
        Self { latest: name("_latest"), weekly: name("_weekly"), retention: name("_retention"), shown: name("_shown") }
    }
}

/// A database that takes exported lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// `psql` reads the statements.
    Postgres,
    /// `duckdb` reads the statements.
    DuckDb,
}

/// The statements that make tables, fill them with the exported lines in the directory, and make views with the numbers of the reports.
///
/// There is a table `EVENT` for each event, `_installs`, and the views that [`views`] makes, with the same columns. Names that these databases take for one, as
/// `run` and `Run` in DuckDB, are numbered, and names such as `pg_class`, which they keep for themselves, get `event_` before them.
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
    let events = catalogue::all(source.into())?;
    let mut names = Names::new(dialect.longest_name());
    let tables: Vec<String> = events.iter().map(|event| names.of_event(&event.view, "")).collect();
    for (event, table) in events.iter().zip(&tables) {
        let columns = event.columns();
        let mut all = own(&[
            ("_day", "day"),
            ("_install", "integer"),
            ("_version", "text"),
            ("_ephemeral", "flag"),
            ("_number", "integer"),
        ]);
        let mut taken = Names::new(dialect.longest_name());
        all.iter().for_each(|column| drop(taken.free(&column.name, "")));
        let loaded = columns.iter().zip(shown_names(&columns));
        let loaded: Vec<Loaded> =
            loaded.map(|(column, key)| Loaded { name: taken.free(&key, ""), key, kind: column.kind }).collect();
        let own_names: Vec<String> = loaded.iter().map(|column| column.name.clone()).collect();
        all.extend(loaded);
        dialect.table(&mut text, table, &all, &place(&event.name));
        loaded_views(&mut text, (table, &Views::named(&mut names, table)), &columns, &own_names, least);
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

    /// So many bytes of a name tell it from others.
    const fn longest_name(self) -> usize {
        match self {
            // It cuts longer ones off.
            Self::Postgres => 63,
            Self::DuckDb => usize::MAX,
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
            // Its own table of columns would take keys that differ in case for one.
            Self::DuckDb => {
                let value = |column: &Loaded<'_>| {
                    let key = text_literal(&format!("/{}", column.key.replace('~', "~0").replace('/', "~1")));
                    match column.kind {
                        "json" => format!("json->{key}"),
                        kind => format!("CAST(json->>{key} AS {})", self.kind(kind)),
                    }
                };
                writeln!(
                    text,
                    "INSERT INTO {table} SELECT\n    {}\nFROM read_ndjson_objects({file});\n",
                    list(&value, ",\n    ")
                )
            }
        };
    }
}

/// The views of [`views`] over a table of exported lines. Both databases read them alike.
fn loaded_views(
    text: &mut String,
    (table, views): (&str, &Views),
    columns: &[StoredColumn<'_>],
    names: &[String],
    least: u64,
) {
    let table = quote(table);
    let Views { latest, weekly, retention, shown } = views;
    let _ = writeln!(
        text,
        "CREATE VIEW {latest} AS SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY _install ORDER BY _day DESC, _number DESC) AS _rank FROM {table} WHERE NOT _ephemeral
) AS ranked WHERE _rank = 1;

CREATE VIEW {weekly} AS SELECT CAST(date_trunc('week', _day) AS DATE) AS week, count(DISTINCT _install) AS installs,
    count(DISTINCT CASE WHEN _known._first_day >= date_trunc('week', _day) THEN _install END) AS new
FROM {table} JOIN _installs AS _known USING (_install) WHERE NOT _ephemeral GROUP BY 1;

CREATE VIEW {retention} AS
WITH _activity AS (SELECT DISTINCT _install, CAST(date_trunc('week', _day) AS DATE) AS week,
        CAST(date_trunc('week', _known._first_day) AS DATE) AS cohort
        FROM {table} JOIN _installs AS _known USING (_install) WHERE NOT _ephemeral),
    _member AS (SELECT _install, cohort FROM _activity WHERE week = cohort)
SELECT _member.cohort AS cohort, (_activity.week - _member.cohort) / 7 AS weeks_later, count(*) AS installs
FROM _member JOIN _activity ON _activity._install = _member._install GROUP BY 1, 2;
"
    );
    let of = |(column, name): (&StoredColumn<'_>, &String)| {
        format!(
            "SELECT {} AS path, CAST({} AS TEXT) AS value, count(*) AS installs FROM {latest} GROUP BY 2",
            text_literal(column.path),
            quote(name)
        )
    };
    let values: Vec<String> = columns.iter().zip(names).filter(|(column, _)| column.kind != "json").map(of).collect();
    if !values.is_empty() {
        let _ = writeln!(
            text,
            "{NOT_FOR_THE_PUBLIC}CREATE VIEW {shown} AS SELECT path, value, CASE WHEN installs >= {least} THEN installs END AS installs FROM (\n    {}\n) AS shown;\n",
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
