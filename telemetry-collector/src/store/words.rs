//! Words by number, so that schemas whose lists of words differ share a column.

use rusqlite::{Connection, OptionalExtension};

/// The number of a word. It is added if it is new. The first ones are 0 and 1, which take no bytes in a row.
pub(super) fn number(connection: &Connection, text: &str) -> rusqlite::Result<i64> {
    let find = "SELECT number FROM _word WHERE text = ?1";
    if let Some(number) = connection.query_row(find, [text], |row| row.get(0)).optional()? {
        return Ok(number);
    }
    let add = "INSERT INTO _word (number, text) SELECT coalesce(max(number), -1) + 1, ?1 FROM _word RETURNING number";
    connection.query_row(add, [text], |row| row.get(0))
}
