//! The tables of the engine. All names and numbers follow from schemas and ids, so that any number of collectors make the same ones.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::session::{name, text};
use crate::arrival::AnonymousId;
use crate::check::{Column, ColumnKind, KnownSchema};
use crate::store::names::kind_text;

/// The format of the tables. A change that this version could not read gets another number.
pub(super) const FORMAT: i64 = 1;

/// The engines of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engines {
    /// Those of one server.
    Single,
    /// Those of several that hold the same, on each of the servers of the cluster with this macro. They need a keeper.
    Replicated,
}

impl Engines {
    fn engine(self, kind: &str) -> String {
        match self {
            Self::Single => kind.to_owned(),
            // The server gives the path and the replica from its macros.
            Self::Replicated => format!("Replicated{kind}"),
        }
    }
}

/// How many days the engine keeps rows longer than the retention, in which a collector counts a day and deletes it. Without a collector,
/// the engine deletes it after that.
pub(super) const GRACE: i32 = 7;

/// How many days the engine keeps rows.
fn days(retention_days: u16) -> i32 {
    i32::from(retention_days) + GRACE
}

/// Asks for the tables of events of which the engine would delete rows earlier than this. One that has another expression there is not of ours.
pub(super) fn with_shorter_ttl(retention_days: u16) -> String {
    format!(
        r"SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, {}) AND
          toInt64OrZero(extract(engine_full, 'TTL toDate\\(_day\\) \\+ toIntervalDay\\((\\d+)\\)')) BETWEEN 1 AND {} ORDER BY name",
        text(&table_name("")),
        days(retention_days) - 1,
    )
}

/// The setting of a table by which another TTL computes the times of its parts again, and does not write all rows again, for which each deletion would wait.
const TIMES_ONLY: &str = "materialize_ttl_recalculate_only = 1";

/// The statements with which the engine keeps the rows of a table for so long.
///
/// Parts have the times that were computed when they were written, at which they are deleted as a whole. So these are computed again, beside what else is done.
pub(super) fn with_ttl(table: &str, retention_days: u16) -> [String; 2] {
    let (table, days) = (name(table), days(retention_days));
    [
        format!("ALTER TABLE {table} MODIFY SETTING {TIMES_ONLY}"),
        format!(
            "ALTER TABLE {table} MODIFY TTL toDate(_day) + INTERVAL {days} DAY SETTINGS materialize_ttl_after_modify = 1, alter_sync = 0"
        ),
    ]
}

/// The columns that every table of an event has.
const COLUMNS: &str = "_day Int32 CODEC(Delta, ZSTD), _install Int64 CODEC(ZSTD), _schema Int64 CODEC(ZSTD), _ephemeral Bool CODEC(ZSTD), \
                       _id String CODEC(ZSTD), _number Int64 CODEC(ZSTD)";

/// The statements that make the tables that every database has.
pub(super) fn tables(engines: Engines) -> Vec<String> {
    let replacing = engines.engine("ReplacingMergeTree");
    let table = |name: &str, columns: &str, engine: &str, order: &str| {
        format!("CREATE TABLE IF NOT EXISTS {name} ({columns}) ENGINE = {engine} ORDER BY {order}")
    };
    vec![
        table("_fact", "name String, value Int64", &replacing, "name"),
        table("_event", "number Int64, name String, table_name String, view_name String", &replacing, "number"),
        table("_column", "event Int64, path String, kind String, name String", &replacing, "(event, path, kind)"),
        table(
            "_schema",
            "number Int64, event Int64, version String, date String, hash FixedString(32), json String",
            &replacing,
            "(event, number)",
        ),
        // The number follows from the anonymous id, which is not here.
        table(
            "_install",
            "number Int64, first_day SimpleAggregateFunction(min, Int32), last_day SimpleAggregateFunction(max, Int32)",
            &engines.engine("AggregatingMergeTree"),
            "number",
        ),
        // Installations a day, week and month before rows were deleted. A part is counted once: rows of a day that come after it was counted are another part.
        table(
            "_active",
            "event Int64, schema Int64, period String, first_day Int32, part Int64, installs Int64",
            &replacing,
            "(event, schema, period, first_day, part)",
        ),
        // Events and installations a day, schema, column and value before rows were deleted. The column '' is the event as a whole. Integers of three
        // digits and more are counted by their first digit. Of JSON, `item` is '' for all values, else an item of a list.
        table(
            "_daily",
            "event Int64, schema Int64, day Int32, column String, low Int64, item String, part Int64, events Int64, installs Int64",
            &replacing,
            "(event, schema, day, column, low, item, part)",
        ),
        // Requests of deletion that were carried out, by the ids of the requests.
        table("_deletion", "id String, at DateTime DEFAULT now()", &engines.engine("MergeTree"), "id"),
        // Installations whose deletion was requested, so that no event of theirs comes back that waits beside another collector. `file` is the number of the file
        // of the collector that got the request: that file has no such event any more. It is 0 if no collector got it.
        table("_deleted", "install Int64, file Int64, at DateTime DEFAULT now()", &replacing, "(install, file)"),
        // What one of several collectors does.
        table("_claim", "name String, at DateTime DEFAULT now()", &engines.engine("MergeTree"), "name")
            + " TTL at + INTERVAL 400 DAY",
    ]
}

/// The names of these tables.
pub(super) const TABLES: [&str; 10] =
    ["_fact", "_event", "_column", "_schema", "_install", "_active", "_daily", "_deletion", "_deleted", "_claim"];

/// The table of an event.
pub(super) fn table_name(event: &str) -> String {
    format!("_rows_{event}")
}

/// The column of a path and kind. No kind has a colon, so no two have the same name.
pub(super) fn column_name(path: &str, kind: &str) -> String {
    format!("{path}:{kind}")
}

/// What the table and the view of an event are made of.
pub(super) struct Event<'e> {
    pub(super) name: &'e str,
    /// The path and the kind of each column, without repetitions.
    pub(super) columns: Vec<(&'e str, &'static str)>,
}

impl<'e> Event<'e> {
    pub(super) fn new(name: &'e str, columns: &'e [Column]) -> Self {
        Self { name, columns: columns.iter().map(|column| (column.path.as_str(), kind_text(column.kind))).collect() }
    }

    /// The statements that make the table, with columns that are missing, or extend it by them.
    ///
    /// An insert is on disk when it is acknowledged, and is taken once while it is among the last 1,000. Small granules make it cheap to look for ids.
    pub(super) fn table(&self, engines: Engines, retention_days: u16) -> Vec<String> {
        let table = name(&table_name(self.name));
        let days = days(retention_days);
        let mut statements = vec![format!(
            "CREATE TABLE IF NOT EXISTS {table} ({COLUMNS}) ENGINE = {} \
             PARTITION BY toYYYYMM(toDate(_day)) ORDER BY (_day, _id) TTL toDate(_day) + INTERVAL {days} DAY \
             SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000, \
             fsync_after_insert = 1, fsync_part_directory = 1, {TIMES_ONLY}",
            engines.engine("ReplacingMergeTree"),
        )];
        if !self.columns.is_empty() {
            let column = |(path, kind): &(&str, &str)| {
                format!("ADD COLUMN IF NOT EXISTS {} {}", name(&column_name(path, kind)), kind_sql(kind))
            };
            let columns: Vec<String> = self.columns.iter().map(column).collect();
            statements.push(format!("ALTER TABLE {table} {}", columns.join(", ")));
        }
        statements
    }

    /// The rows that tell of the event and its columns.
    pub(super) fn catalogue(&self) -> Vec<String> {
        let number = event_number(self.name);
        let (own, table) = (text(self.name), text(&table_name(self.name)));
        let mut rows = vec![format!(
            "INSERT INTO _event (number, name, table_name, view_name) VALUES ({number}, {own}, {table}, {own})"
        )];
        let column = |(path, kind): &(&str, &str)| {
            format!("({number}, {}, {}, {})", text(path), text(kind), text(&column_name(path, kind)))
        };
        let columns: Vec<String> = self.columns.iter().map(column).collect();
        if !columns.is_empty() {
            rows.push(format!("INSERT INTO _column (event, path, kind, name) VALUES {}", columns.join(", ")));
        }
        rows
    }
}

/// The view of an event, for people: days are dates, and versions are text. It has all of these columns, given by path and kind.
pub(super) fn view(event: &str, columns: &[(String, String)]) -> String {
    let mut list = String::new();
    for (path, kind) in columns {
        let column = format!("event.{}", name(&column_name(path, kind)));
        let value = if kind == "version" { version_sql(&column) } else { column };
        let is_alone = columns.iter().filter(|(other, _)| other == path).count() == 1;
        let shown = match (path.as_str(), is_alone) {
            ("", _) => "_value".to_owned(),
            (path, true) => path.to_owned(),
            (path, false) => column_name(path, kind),
        };
        let _ = write!(list, ", {value} AS {}", name(&shown));
    }
    format!(
        "CREATE OR REPLACE VIEW {} AS SELECT toDate(event._day) AS _day, event._install AS _install, known.version AS _version, \
         event._ephemeral AS _ephemeral{list} FROM {} AS event FINAL LEFT ANY JOIN _schema AS known ON known.number = event._schema",
        name(event),
        name(&table_name(event)),
    )
}

/// The row that tells of a schema.
pub(super) fn schema_row(event: i64, version: &str, date: &str, hash: &[u8; 32], json: &str) -> String {
    format!(
        "INSERT INTO _schema (number, event, version, date, hash, json) VALUES ({}, {event}, {}, {}, unhex('{}'), {})",
        schema_number(hash),
        text(version),
        text(date),
        data_encoding::HEXLOWER.encode(hash),
        text(json)
    )
}

/// The same of a schema that is known.
pub(super) fn known_row(schema: &KnownSchema) -> String {
    let json = schema.schema().to_json();
    schema_row(event_number(schema.event()), schema.version(), schema.date(), &schema.hash().0, &json)
}

fn kind_sql(kind: &str) -> &'static str {
    match kind {
        // Words of several releases share a column, so that it is no `Enum`.
        "word" => "LowCardinality(Nullable(String)) CODEC(ZSTD)",
        "flag" => "Nullable(Bool) CODEC(ZSTD)",
        "json" => "Nullable(String) CODEC(ZSTD)",
        // Integers, and packed versions.
        _ => "Nullable(Int64) CODEC(ZSTD)",
    }
}

/// The text of a packed version, as an expression.
fn version_sql(packed: &str) -> String {
    let part = |shift: u8| format!("toString(bitAnd(bitShiftRight({packed}, {shift}), 65535))");
    format!(
        "concat({}, if(bitAnd({packed}, 3) > 1, concat('.', {}), ''), if(bitAnd({packed}, 3) > 2, concat('.', {}), ''))",
        part(34),
        part(18),
        part(2)
    )
}

/// The kinds that a column can have. Each has a type in the engine.
pub(super) const KINDS: [ColumnKind; 5] =
    [ColumnKind::Flag, ColumnKind::Integer, ColumnKind::Word, ColumnKind::Version, ColumnKind::Json];

/// The number of an event. 0 is any event.
pub(super) fn event_number(event: &str) -> i64 {
    number(&[b"event", event.as_bytes()])
}

/// The number of a schema. 0 is any schema.
pub(super) fn schema_number(hash: &[u8; 32]) -> i64 {
    number(&[b"schema", hash])
}

/// The number of an installation. Of 100 million, two have the same one with a chance of one in 1,800.
pub(super) fn install_number(id: &AnonymousId) -> i64 {
    number(&[b"installation", &id.0])
}

/// Tells a row by its id.
pub(super) fn row_number(id: &[u8]) -> i64 {
    number(&[b"row", id])
}

/// 63 bits of a hash, from 1.
fn number(parts: &[&[u8]]) -> i64 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
        digest.update([0]);
    }
    let first = digest.finalize().iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    i64::try_from(first >> 1).unwrap_or(i64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_keeps_rows_for_a_week_longer_than_the_retention() {
        let altered = "ALTER TABLE \"_rows_run\" MODIFY TTL toDate(_day) + INTERVAL 372 DAY SETTINGS ";
        let [setting, ttl] = with_ttl("_rows_run", 365);
        assert!(setting.ends_with(TIMES_ONLY) && ttl.starts_with(altered));
        assert!(with_shorter_ttl(365).contains("BETWEEN 1 AND 371 "));
    }

    #[test]
    fn numbers_are_the_same_for_every_collector() {
        assert_eq!(event_number("init"), event_number("init"));
        assert_ne!(event_number("init"), event_number("run"));
        assert!(KINDS.iter().all(|kind| kind_sql(kind_text(*kind)).contains("Nullable")));
        assert!((0..100).all(|id| install_number(&AnonymousId([id; 32])) > 0));
    }
}
