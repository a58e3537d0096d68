//! Reads rows by their numbers, many with one statement.

use super::AskError;
use super::source::{Row, Source};

/// How many rows are read with one statement.
const MOST: usize = 4096;

/// The same in the engine, which looks at the numbers of all rows for each statement.
#[cfg(feature = "clickhouse")]
const MOST_OF_ENGINE: usize = 262_144;

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
            #[cfg(feature = "clickhouse")]
            Source::ClickHouse(_) => {
                for (chunk, numbers) in numbers.chunks(MOST_OF_ENGINE).enumerate() {
                    let list: Vec<String> = numbers.iter().map(i64::to_string).collect();
                    let sql = format!("SELECT _number{columns} FROM {table} WHERE _number IN ({})", list.join(", "));
                    source.each(&sql, |row| {
                        let Ok(at) = numbers.binary_search(&row.integer(0)?) else { return Ok(()) };
                        read(chunk * MOST_OF_ENGINE + at, row)
                    })?;
                }
                Ok(())
            }
        }
    }
}
