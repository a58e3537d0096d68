//! Which rows have the values that a filter asks for.

use super::AskError;
use super::source::Source;

/// The rows of a table that have the asked values.
///
/// They are found in the order in which they are stored. To look each of them up from the index of days takes twice as long.
#[derive(Debug)]
pub(super) enum Matching {
    All,
    /// A bit for each number from the first one.
    Some {
        first: i64,
        bits: Vec<u64>,
    },
    /// Ascending.
    #[cfg(feature = "clickhouse")]
    Listed(Vec<i64>),
}

impl Matching {
    /// `values` is the expression that the rows fulfil, if there is one.
    pub(super) fn read(source: Source<'_>, table: &str, values: Option<&str>) -> Result<Self, AskError> {
        let Some(values) = values else { return Ok(Self::All) };
        let sql = format!("SELECT _number FROM {table} WHERE {values} ORDER BY _number");
        match source {
            Source::Sqlite(_) => {
                let (mut first, mut bits) = (None, Vec::new());
                source.each(&sql, |row| {
                    let number = row.integer(0)?;
                    let Some((word, bit)) = place(*first.get_or_insert(number), number) else { return Ok(()) };
                    if bits.len() <= word {
                        bits.resize(word + 1, 0);
                    }
                    bits.get_mut(word).into_iter().for_each(|word| *word |= bit);
                    Ok(())
                })?;
                Ok(Self::Some { first: first.unwrap_or_default(), bits })
            }
            // Its numbers are far apart. Which rows count is not asked here, so that parts need not be merged.
            #[cfg(feature = "clickhouse")]
            Source::ClickHouse(_) => {
                Ok(Self::Listed(source.all(&format!("{sql} SETTINGS final = 0"), |row| row.integer(0))?))
            }
        }
    }

    pub(super) fn contains(&self, number: i64) -> bool {
        match self {
            Self::All => true,
            Self::Some { first, bits } => {
                place(*first, number).is_some_and(|(word, bit)| bits.get(word).is_some_and(|word| word & bit != 0))
            }
            #[cfg(feature = "clickhouse")]
            Self::Listed(numbers) => numbers.binary_search(&number).is_ok(),
        }
    }
}

/// The position of the word with the bit of a number, and the bit.
fn place(first: i64, number: i64) -> Option<(usize, u64)> {
    let distance = u64::try_from(number.checked_sub(first)?).ok()?;
    Some((usize::try_from(distance / 64).ok()?, 1 << (distance % 64)))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn rows_are_told_apart_by_their_numbers() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (_number INTEGER PRIMARY KEY, a)").unwrap();
        let numbers = [-70, 5, 6, 68, 69, 70, 1_000];
        for number in numbers {
            connection.execute("INSERT INTO t VALUES (?1, ?2)", (number, number % 2 == 0)).unwrap();
        }
        let found = |values: Option<&str>| {
            let matching = Matching::read(Source::Sqlite(&connection), "t", values).unwrap();
            [&numbers[..], &[i64::MIN, -71, 7, 72, 2_000, i64::MAX]]
                .concat()
                .into_iter()
                .filter(|at| matching.contains(*at))
                .collect::<Vec<_>>()
        };
        assert_eq!(found(Some("a")), [-70, 6, 68, 70, 1_000]);
        assert_eq!(found(Some("NOT a")), [5, 69]);
        assert!(found(Some("0")).is_empty());
        assert_eq!(found(None).len(), numbers.len() + 6);
    }
}
