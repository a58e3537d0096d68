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
                    // A row that is there twice is the same one, so that parts need not be merged to read it. One text is read faster than as many numbers.
                    let sql = format!(
                        "SELECT _number{columns} FROM {table} WHERE _number IN \
                         (SELECT toInt64(arrayJoin(splitByChar(',', '{}')))) SETTINGS final = 0",
                        list.join(",")
                    );
                    let mut is_read = vec![false; numbers.len()];
                    source.each(&sql, |row| {
                        let Ok(at) = numbers.binary_search(&row.integer(0)?) else { return Ok(()) };
                        let is_first = is_read.get_mut(at).is_some_and(|is_read| !std::mem::replace(is_read, true));
                        if is_first { read(chunk * MOST_OF_ENGINE + at, row) } else { Ok(()) }
                    })?;
                }
                Ok(())
            }
        }
    }
}
