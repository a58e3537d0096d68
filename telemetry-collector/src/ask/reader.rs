//! Connections that are asked, whatever the store.

use std::time::Instant;

use rusqlite::Connection;

use super::{AskError, Source};
#[cfg(feature = "clickhouse")]
use crate::clickhouse;
use crate::store;

/// How many steps of SQLite pass between two looks at the time: about a millisecond.
const STEPS: i32 = 10_000;

/// Makes readers when they are needed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Readers {
    /// Of a file of SQLite.
    Sqlite(store::Readers),
    /// Of a database of ClickHouse.
    #[cfg(feature = "clickhouse")]
    ClickHouse(clickhouse::Readers),
}

impl From<store::Readers> for Readers {
    fn from(readers: store::Readers) -> Self {
        Self::Sqlite(readers)
    }
}

#[cfg(feature = "clickhouse")]
impl From<clickhouse::Readers> for Readers {
    fn from(readers: clickhouse::Readers) -> Self {
        Self::ClickHouse(readers)
    }
}

/// What can be asked, by one thread at a time.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reader {
    /// A file of SQLite.
    Sqlite(Connection),
    /// A database of ClickHouse. It blocks, and must not be used by what runs on an asynchronous runtime.
    #[cfg(feature = "clickhouse")]
    ClickHouse(Box<clickhouse::Reader>),
}

impl Readers {
    /// A reader.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn open(&self) -> Result<Reader, AskError> {
        Ok(match self {
            Self::Sqlite(readers) => Reader::Sqlite(readers.open()?),
            #[cfg(feature = "clickhouse")]
            Self::ClickHouse(readers) => Reader::ClickHouse(Box::new(readers.open()?)),
        })
    }
}

impl Reader {
    /// Ends questions that are not answered by then.
    pub(crate) fn end_at(&mut self, end: Instant) -> Result<(), AskError> {
        match self {
            Self::Sqlite(connection) => {
                connection.progress_handler(STEPS, Some(move || Instant::now() > end))?;
            }
            #[cfg(feature = "clickhouse")]
            Self::ClickHouse(reader) => reader.end_at(end),
        }
        Ok(())
    }
}

impl<'s> From<&'s Reader> for Source<'s> {
    fn from(reader: &'s Reader) -> Self {
        match reader {
            Reader::Sqlite(connection) => Self::Sqlite(connection),
            #[cfg(feature = "clickhouse")]
            Reader::ClickHouse(reader) => Self::ClickHouse(reader),
        }
    }
}
