//! Words by number, so that schemas whose lists of words differ share a column.

use rusqlite::{Connection, OptionalExtension};

/// The number of a word. It is added if it is new.
pub(super) fn number(connection: &Connection, text: &str) -> rusqlite::Result<i64> {
    let find = "SELECT number FROM _word WHERE text = ?1";
    if let Some(number) = connection.query_row(find, [text], |row| row.get(0)).optional()? {
        return Ok(number);
    }
    connection.execute("INSERT INTO _word (text) VALUES (?1)", [text])?;
    Ok(connection.last_insert_rowid())
}
