//! Where rows are read from. Each query is written once, as text that every store reads alike.
//!
//! What stores do differently is matched on [`Source`] without a catch-all, so that a store that lacks something does not compile.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};

use super::AskError;
#[cfg(feature = "clickhouse")]
use crate::clickhouse;
use crate::store::names;

/// How often a report is begun again because rows were deleted meanwhile.
#[cfg(feature = "clickhouse")]
const TRIES: usize = 3;

/// A store that can be asked.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Source<'s> {
    /// A file of SQLite.
    Sqlite(&'s Connection),
    /// A database of ClickHouse.
    #[cfg(feature = "clickhouse")]
    ClickHouse(&'s clickhouse::Reader),
}

#[cfg(feature = "clickhouse")]
impl<'s> From<&'s clickhouse::Reader> for Source<'s> {
    fn from(reader: &'s clickhouse::Reader) -> Self {
        Self::ClickHouse(reader)
    }
}

impl<'s> From<&'s Connection> for Source<'s> {
    fn from(connection: &'s Connection) -> Self {
        Self::Sqlite(connection)
    }
}

/// A row of an answer.
pub(super) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    #[cfg(feature = "clickhouse")]
    ClickHouse(clickhouse::Row<'r>),
}

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'v> {
    Null,
    /// An integer, a flag, the number of a word, or a packed version.
    Integer(i64),
    /// A text or bytes.
    Bytes(&'v [u8]),
}

impl Source<'_> {
    /// Asks something, within one state of the store.
    pub(super) fn whole<T>(self, ask: impl Fn(Source<'_>) -> Result<T, AskError>) -> Result<T, AskError> {
        match self {
            Self::Sqlite(connection) => {
                let transaction = connection.unchecked_transaction()?;
                ask(Source::Sqlite(&transaction))
            }
            // It has no transactions. Rows that come meanwhile are of installations that are not known yet, and are passed over.
            #[cfg(feature = "clickhouse")]
            Self::ClickHouse(reader) => {
                for _ in 0..TRIES {
                    let before = reader.state()?;
                    let answer = ask(self)?;
                    if reader.state()? == before {
                        return Ok(answer);
                    }
                }
                Err(AskError::Changing)
            }
        }
    }

    /// Passes each row of an answer.
    pub(super) fn each(
        self,
        sql: &str,
        mut read: impl FnMut(&Row<'_>) -> Result<(), AskError>,
    ) -> Result<(), AskError> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare(sql)?;
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    read(&Row::Sqlite(row))?;
                }
                Ok(())
            }
            #[cfg(feature = "clickhouse")]
            Self::ClickHouse(reader) => reader.each(sql, |row| read(&Row::ClickHouse(row))),
        }
    }

    /// What is read of each row of an answer.
    pub(super) fn all<T>(
        self,
        sql: &str,
        mut read: impl FnMut(&Row<'_>) -> Result<T, AskError>,
    ) -> Result<Vec<T>, AskError> {
        let mut all = Vec::new();
        self.each(sql, |row| {
            all.push(read(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// The integer of an answer of one row, if there is one.
    pub(super) fn integer(self, sql: &str) -> Result<Option<i64>, AskError> {
        Ok(self.all(sql, |row| row.integer_or_null(0))?.into_iter().next().flatten())
    }

    /// A text in a query.
    pub(super) fn text(self, text: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("'{}'", text.replace('\'', "''")),
            #[cfg(feature = "clickhouse")]
            Self::ClickHouse(_) => clickhouse::text(text),
        }
    }

    /// A name in a query.
    pub(super) fn name(self, name: &str) -> String {
        match self {
            Self::Sqlite(_) => names::quote(name),
            #[cfg(feature = "clickhouse")]
            Self::ClickHouse(_) => clickhouse::name(name),
        }
    }

    /// The condition that a column of words has a word. It is never `NULL`.
    pub(super) fn is_word(self, column: &str, word: &str) -> Result<String, AskError> {
        match self {
            Self::Sqlite(_) => {
                let number = self.word(word)?;
                Ok(number.map_or_else(|| "(0)".to_owned(), |number| format!("(coalesce({column} = {number}, 0))")))
            }
            #[cfg(feature = "clickhouse")]
            Self::ClickHouse(_) => Ok(format!("(coalesce({column} = {}, 0))", clickhouse::text(word))),
        }
    }

    /// The condition that a column of words has one of these. It is never `NULL`.
    pub(super) fn is_one_of(self, column: &str, words: &[String]) -> Result<String, AskError> {
        let of = |word: &String| match self {
            Self::Sqlite(_) => Ok(self.word(word)?.map(|number| number.to_string())),
            #[cfg(feature = "clickhouse")]
            Self::ClickHouse(_) => Ok(Some(clickhouse::text(word))),
        };
        let words = words.iter().filter_map(|word| of(word).transpose()).collect::<Result<Vec<_>, AskError>>()?;
        Ok(if words.is_empty() {
            "(0)".to_owned()
        } else {
            format!("(coalesce({column} IN ({}), 0))", words.join(", "))
        })
    }

    /// A column of words as text.
    pub(super) fn word_text(self, column: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("(SELECT text FROM _word WHERE number = {column})"),
            #[cfg(feature = "clickhouse")]
            Self::ClickHouse(_) => format!("CAST({column} AS Nullable(String))"),
        }
    }

    /// The number with which rows have a word; nothing if no row has it.
    pub(super) fn word(self, word: &str) -> Result<Option<i64>, AskError> {
        match self {
            Self::Sqlite(connection) => {
                let sql = "SELECT number FROM _word WHERE text = ?1";
                Ok(connection.query_row(sql, [word], |row| row.get(0)).optional()?)
            }
            #[cfg(feature = "clickhouse")]
            Self::ClickHouse(reader) => Ok(Some(reader.word(word))),
        }
    }
}

impl Row<'_> {
    pub(super) fn value(&self, at: usize) -> Result<Value<'_>, AskError> {
        match self {
            Self::Sqlite(row) => Ok(match row.get_ref(at)? {
                ValueRef::Integer(integer) => Value::Integer(integer),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Value::Bytes(bytes),
                ValueRef::Null | ValueRef::Real(_) => Value::Null,
            }),
            #[cfg(feature = "clickhouse")]
            Self::ClickHouse(row) => Ok(match row.value(at).ok_or(AskError::Layout)? {
                clickhouse::Value::Null => Value::Null,
                clickhouse::Value::Integer(integer) => Value::Integer(integer),
                clickhouse::Value::Bytes(bytes) => Value::Bytes(bytes),
            }),
        }
    }

    pub(super) fn integer_or_null(&self, at: usize) -> Result<Option<i64>, AskError> {
        match self.value(at)? {
            Value::Integer(integer) => Ok(Some(integer)),
            Value::Null => Ok(None),
            Value::Bytes(_) => Err(AskError::Layout),
        }
    }

    pub(super) fn integer(&self, at: usize) -> Result<i64, AskError> {
        self.integer_or_null(at)?.ok_or(AskError::Layout)
    }

    pub(super) fn flag(&self, at: usize) -> Result<bool, AskError> {
        Ok(self.integer(at)? != 0)
    }

    /// A day.
    pub(super) fn day(&self, at: usize) -> Result<crate::arrival::Day, AskError> {
        i32::try_from(self.integer(at)?).map(crate::arrival::Day).map_err(|_| AskError::Layout)
    }

    pub(super) fn count(&self, at: usize) -> Result<u64, AskError> {
        u64::try_from(self.integer(at)?).map_err(|_| AskError::Layout)
    }

    pub(super) fn bytes(&self, at: usize) -> Result<&[u8], AskError> {
        match self.value(at)? {
            Value::Bytes(bytes) => Ok(bytes),
            Value::Null | Value::Integer(_) => Err(AskError::Layout),
        }
    }

    pub(super) fn text(&self, at: usize) -> Result<String, AskError> {
        String::from_utf8(self.bytes(at)?.to_vec()).map_err(|_| AskError::Layout)
    }
}
