//! The SQLite database: its tables, and how they are changed.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, TransactionBehavior, ffi};
use telemetry::auth;

use crate::plan::Change;
use crate::schema::identifier;

/// What went wrong. It does not hold the address of the database, which may contain a password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    #[error("`database.url` is missing; give it the path of a SQLite database")]
    NoUrl,
    #[error("`database.url` is the address of another database; this command migrates only SQLite")]
    NotSqlite,
    #[error("the database cannot be opened ({0})")]
    Unopened(ErrorText),
    #[error("the database cannot be read ({0})")]
    Unreadable(ErrorText),
    #[error("the database cannot be changed ({0})")]
    Unchangeable(ErrorText),
    #[error("the database refused the {change}, and nothing was changed ({text})")]
    Refused { change: String, text: ErrorText },
}

/// SQLite's general description of an error, without the text that caused it.
#[derive(Debug)]
pub(crate) struct ErrorText(Option<ffi::Error>);

pub(crate) struct Database {
    path: PathBuf,
    connection: Connection,
}

/// A table of the database.
pub(crate) struct Found {
    pub(crate) columns: Vec<FoundColumn>,
    /// The columns with an index of their own, and whether it is unique.
    pub(crate) indexes: Vec<(String, bool)>,
    pub(crate) has_rows: bool,
}

pub(crate) struct FoundColumn {
    pub(crate) name: String,
    pub(crate) declared: String,
    pub(crate) is_required: bool,
}

impl Database {
    /// Opens the database read-only. A missing one counts as empty.
    pub(crate) fn look(options: &auth::Database) -> Result<Self, DatabaseError> {
        let path = path(options)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match Connection::open_with_flags(&path, flags) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) && !path.exists() => {
                Connection::open_in_memory()
            }
            opened => opened,
        };
        Ok(Self { path, connection: connection.map_err(|error| DatabaseError::Unopened(error.into()))? })
    }

    #[cfg(test)]
    pub(crate) fn in_memory(script: &str) -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(script).unwrap();
        Self { path: PathBuf::new(), connection }
    }

    pub(crate) fn table(&self, name: &str) -> Result<Option<Found>, DatabaseError> {
        self.found(name).map_err(|error| DatabaseError::Unreadable(error.into()))
    }

    /// Whether several rows have the same value in the column.
    pub(crate) fn has_equal_values(&self, table: &str, column: &str) -> Result<bool, DatabaseError> {
        let (table, column) = (identifier(table), identifier(column));
        let query = format!("select 1 from {table} where {column} is not null group by {column} having count(*) > 1");
        self.exists(&query).map_err(|error| DatabaseError::Unreadable(error.into()))
    }

    pub(crate) fn has_several_rows(&self, table: &str) -> Result<bool, DatabaseError> {
        let query = format!("select 1 from {} limit 1 offset 1", identifier(table));
        self.exists(&query).map_err(|error| DatabaseError::Unreadable(error.into()))
    }

    /// Makes all changes or none.
    pub(crate) fn change(self, changes: &[Change]) -> Result<(), DatabaseError> {
        drop(self.connection);
        let unchangeable = |error: rusqlite::Error| DatabaseError::Unchangeable(error.into());
        let mut connection = Connection::open(&self.path).map_err(|error| DatabaseError::Unopened(error.into()))?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(unchangeable)?;
        for change in changes {
            transaction
                .execute_batch(&change.sql)
                .map_err(|error| DatabaseError::Refused { change: change.to_string(), text: error.into() })?;
        }
        transaction.commit().map_err(unchangeable)
    }

    fn found(&self, name: &str) -> rusqlite::Result<Option<Found>> {
        let mut statement = self.connection.prepare("select name, type, \"notnull\" from pragma_table_info(?1)")?;
        let columns = statement.query_map([name], |row| {
            Ok(FoundColumn { name: row.get(0)?, declared: row.get(1)?, is_required: row.get(2)? })
        })?;
        let columns: Vec<FoundColumn> = columns.collect::<rusqlite::Result<_>>()?;
        if columns.is_empty() {
            return Ok(None);
        }
        let has_rows = self.exists(&format!("select 1 from {} limit 1", identifier(name)))?;
        Ok(Some(Found { columns, indexes: self.indexes(name)?, has_rows }))
    }

    fn indexes(&self, table: &str) -> rusqlite::Result<Vec<(String, bool)>> {
        let mut statement = self.connection.prepare(
            "select max(info.name), list.\"unique\" from pragma_index_list(?1) as list \
             join pragma_index_info(list.name) as info where not list.partial \
             group by list.name having count(*) = 1 and max(info.name) is not null",
        )?;
        let indexes = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?;
        indexes.collect()
    }

    fn exists(&self, query: &str) -> rusqlite::Result<bool> {
        Ok(self.connection.query_row(query, [], |_| Ok(())).optional()?.is_some())
    }
}

fn path(options: &auth::Database) -> Result<PathBuf, DatabaseError> {
    if options.kind.as_deref().is_some_and(|kind| kind != "sqlite") {
        return Err(DatabaseError::NotSqlite);
    }
    let url = options.url.as_deref().filter(|url| !url.is_empty()).ok_or(DatabaseError::NoUrl)?;
    if url.contains("://") {
        return Err(DatabaseError::NotSqlite);
    }
    let path = ["sqlite:", "file:"].iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or(url);
    Ok(Path::new(path).to_owned())
}

impl From<rusqlite::Error> for ErrorText {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.sqlite_error().copied())
    }
}

impl std::fmt::Display for ErrorText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(error) => write!(f, "{error}"),
            None => f.write_str("it holds something that this command does not expect"),
        }
    }
}
