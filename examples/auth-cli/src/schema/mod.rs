//! The tables that the options need.

mod additional;
mod models;
mod sql;
mod table_options;
#[cfg(test)]
mod tests;

pub(crate) use self::sql::{add_column, create_index, create_table, defines, identifier, statements};

use std::collections::HashSet;

use telemetry::auth::{AuthOptions, GenerateId};

use self::table_options::TableOptions;

pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
}

pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) is_key: bool,
    pub(crate) is_required: bool,
    pub(crate) index: Option<Index>,
    pub(crate) default: Option<Literal>,
    pub(crate) references: Option<Reference>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Index {
    Plain,
    Unique,
}

/// The type of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    BigNumber,
    Boolean,
    Date,
}

#[derive(Clone)]
pub(crate) enum Literal {
    Text(String),
    /// As JSON text.
    Number(String),
    Boolean(bool),
}

/// A reference to a column of another table.
pub(crate) struct Reference {
    pub(crate) table: String,
    pub(crate) column: String,
    pub(crate) on_delete: OnDelete,
}

#[derive(Clone, Copy)]
pub(crate) enum OnDelete {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// Why the tables that the options need cannot exist.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SchemaError {
    #[error("`{model}.fields` renames `{field}`, which is not one of its fields")]
    NoSuchField { model: &'static str, field: String },
    #[error(
        "`{model}.additionalFields.{field}`: onDelete is one of `no action`, `restrict`, `cascade`, `set null` and \
         `set default`"
    )]
    NoSuchAction { model: &'static str, field: String },
    #[error("two tables have the name `{0}`; rename one with modelName")]
    TableTwice(String),
    #[error("two columns of `{table}` have the name `{column}`; rename one with fields or fieldName")]
    ColumnTwice { table: String, column: String },
    #[error("a name or a default value of `{0}` holds a NUL character, which SQL cannot represent")]
    Nul(String),
}

/// The four tables, each after those that it references.
pub(crate) fn tables(options: &AuthOptions) -> Result<Vec<Table>, SchemaError> {
    let id = match options.advanced.database.generate_id {
        Some(GenerateId::Serial) => Kind::Number,
        _ => Kind::Text,
    };
    let all = TableOptions::all(options);
    let tables: Vec<Table> = all.iter().map(|one| one.table(&all, id)).collect::<Result<_, _>>()?;
    check(&tables)?;
    Ok(tables)
}

fn check(tables: &[Table]) -> Result<(), SchemaError> {
    let mut names = HashSet::new();
    for table in tables {
        if !names.insert(table.name.to_ascii_lowercase()) {
            return Err(SchemaError::TableTwice(table.name.clone()));
        }
        if table.has_nul() {
            return Err(SchemaError::Nul(table.name.replace('\0', "")));
        }
        let mut names = HashSet::new();
        let twice = table.columns.iter().find(|column| !names.insert(column.name.to_ascii_lowercase()));
        if let Some(column) = twice {
            return Err(SchemaError::ColumnTwice { table: table.name.clone(), column: column.name.clone() });
        }
    }
    Ok(())
}

impl Table {
    fn has_nul(&self) -> bool {
        self.name.contains('\0') || self.columns.iter().any(|column| column.texts().any(|text| text.contains('\0')))
    }
}

impl Column {
    /// Every text of the options that goes into SQL.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let default = match &self.default {
            Some(Literal::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        let other = self.references.iter().flat_map(|other| [other.table.as_str(), other.column.as_str()]);
        other.chain(default).chain([self.name.as_str()])
    }
}
