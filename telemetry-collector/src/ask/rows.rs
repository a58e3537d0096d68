//! Reads rows by their numbers, many with one statement.

use super::AskError;
use super::source::{Row, Source};

/// How many rows are read with one statement.
const MOST: usize = 4096;

/// Where rows are.
pub(super) struct Rows<'s> {
    pub(super) source: Source<'s>,
    pub(super) table: &'s str,
    /// Columns, each after a comma.
    pub(super) columns: &'s str,
}

impl Rows<'_> {
    /// Reads the rows with these ascending numbers, as far as they exist. `read` gets the position of the number, and the row, whose columns
    /// begin with 1.
    pub(super) fn each(
        &self,
        numbers: &[i64],
        mut read: impl FnMut(usize, &Row<'_>) -> Result<(), AskError>,
    ) -> Result<(), AskError> {
        let Self { source, table, columns } = self;
        match source {
            Source::Sqlite(connection) => {
                let mut statement = connection.prepare(&format!(
                    "SELECT wanted.key{columns} FROM json_each(?1) AS wanted CROSS JOIN {table} ON _number = wanted.value"
                ))?;
                for (chunk, numbers) in numbers.chunks(MOST).enumerate() {
                    let mut found = statement.query([format!("{numbers:?}")])?;
                    while let Some(row) = found.next()? {
                        read(chunk * MOST + row.get::<_, usize>(0)?, &Row::Sqlite(row))?;
                    }
                }
                Ok(())
            }
        }
    }
}
