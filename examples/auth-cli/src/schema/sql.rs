//! SQL for SQLite, every name and text quoted.

use super::{Column, Index, Kind, Literal, OnDelete, Table};

/// Creates all tables, then their indexes.
pub(crate) fn statements(tables: &[Table]) -> Vec<String> {
    let indexes = tables.iter().flat_map(|table| table.columns.iter().filter_map(|column| create_index(table, column)));
    tables.iter().map(create_table).chain(indexes).collect()
}

pub(crate) fn create_table(table: &Table) -> String {
    let columns: Vec<String> = table.columns.iter().map(|column| format!("  {}", definition(column))).collect();
    format!("{} (\n{}\n);", create(table), columns.join(",\n"))
}

/// Whether a script creates the table, in whatever form.
pub(crate) fn defines(script: &str, table: &Table) -> bool {
    script.contains(&create(table))
}

pub(crate) fn create_index(table: &Table, column: &Column) -> Option<String> {
    let (create, suffix) = match column.index? {
        Index::Plain => ("create index", "idx"),
        Index::Unique => ("create unique index", "unique"),
    };
    let index = identifier(&format!("{}_{}_{suffix}", table.name, column.name));
    Some(format!("{create} {index} on {} ({});", identifier(&table.name), identifier(&column.name)))
}

pub(crate) fn add_column(table: &Table, column: &Column) -> String {
    format!("alter table {} add column {};", identifier(&table.name), definition(column))
}

pub(crate) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn create(table: &Table) -> String {
    format!("create table {}", identifier(&table.name))
}

fn definition(column: &Column) -> String {
    let mut sql = format!("{} {}", identifier(&column.name), column.kind.sql());
    if column.is_required {
        sql.push_str(" not null");
    }
    if column.is_key {
        sql.push_str(" primary key");
    }
    if let Some(default) = &column.default {
        sql.push_str(" default ");
        sql.push_str(&default.sql());
    }
    if let Some(other) = &column.references {
        let (table, column) = (identifier(&other.table), identifier(&other.column));
        sql.push_str(&format!(" references {table} ({column}) on delete {}", other.on_delete.sql()));
    }
    sql
}

impl Kind {
    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number | Self::Boolean => "integer",
            Self::BigNumber => "bigint",
            Self::Date => "date",
        }
    }

    /// Whether a column with this declared type can hold it.
    pub(crate) fn fits(self, declared: &str) -> bool {
        let declared = declared.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
        let fitting: &[&str] = match self {
            Self::Text => &["text", "varchar"],
            Self::Number | Self::BigNumber => &["integer", "bigint", "real"],
            Self::Boolean => &["integer", "boolean"],
            Self::Date => &["date", "integer"],
        };
        fitting.contains(&declared.as_str())
    }
}

impl Literal {
    fn sql(&self) -> String {
        match self {
            Self::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Self::Number(number) => number.clone(),
            Self::Boolean(is_true) => u8::from(*is_true).to_string(),
        }
    }
}

impl OnDelete {
    const fn sql(self) -> &'static str {
        match self {
            Self::NoAction => "no action",
            Self::Restrict => "restrict",
            Self::Cascade => "cascade",
            Self::SetNull => "set null",
            Self::SetDefault => "set default",
        }
    }
}
