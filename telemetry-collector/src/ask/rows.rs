//! Reads rows by their numbers, many with one statement.

use rusqlite::{Connection, Row};

/// How many rows are read with one statement.
const MOST: usize = 4096;

/// Where rows are.
pub(super) struct Source<'s> {
    pub(super) connection: &'s Connection,
    pub(super) table: &'s str,
    /// Columns, each after a comma.
    pub(super) columns: &'s str,
}

impl Source<'_> {
    /// Reads the rows with these numbers, as far as they exist, in this order. `read` gets the position of the number, and the row, whose columns
    /// begin with 1.
    pub(super) fn each(
        &self,
        numbers: &[i64],
        mut read: impl FnMut(usize, &Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let Self { connection, table, columns } = self;
        let mut statement = connection.prepare(&format!(
            "SELECT wanted.key{columns} FROM json_each(?1) AS wanted CROSS JOIN {table} ON _number = wanted.value"
        ))?;
        for (chunk, numbers) in numbers.chunks(MOST).enumerate() {
            let mut found = statement.query([format!("{numbers:?}")])?;
            while let Some(row) = found.next()? {
                read(chunk * MOST + row.get::<_, usize>(0)?, row)?;
            }
        }
        Ok(())
    }
}
